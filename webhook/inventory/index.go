// Package inventory remembers what the objects of a cluster, or of a folder of files, say about each bucket, so that a
// policy is judged by the settings that stand beside it. It answers from memory alone.
package inventory

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// Key names one object. Versions of a kind are the same object.
type Key struct {
	schema.GroupKind
	Namespace string // "" for a cluster-scoped object
	Name      string
}

// String returns the key as people write it: "BucketACL team-a/logs".
func (k Key) String() string {
	if k.Namespace == "" {
		return k.Kind + " " + k.Name
	}
	return k.Kind + " " + k.Namespace + "/" + k.Name
}

// KeyOf returns the key of an object; Name is "" while generateName has not made one.
func KeyOf(obj map[string]any) Key {
	text := func(m map[string]any, key string) string { s, _ := m[key].(string); return s }
	meta, _ := obj["metadata"].(map[string]any)
	gk := schema.FromAPIVersionAndKind(text(obj, "apiVersion"), text(obj, "kind")).GroupKind()
	key := Key{gk, text(meta, "namespace"), text(meta, "name")}
	if s, ok := source.Lookup(gk); ok && !s.Namespaced {
		key.Namespace = "" // the API server drops it; files still have it
	}
	return key
}

// entry is one object as the index keeps it.
type entry struct {
	key     Key
	reading source.Reading
	object  map[string]any
}

// Index is the memory. It is safe for concurrent use; the zero Index is empty and ready.
type Index struct {
	mu      sync.RWMutex
	objects map[Key]*entry
	// named and referred find the objects that name a bucket literally, and those that refer to a Bucket object.
	// selecting holds those that have to be asked one by one.
	named      group[string]
	referred   group[Key]
	selecting  group[schema.GroupKind]
	buckets    group[schema.GroupKind] // objects that are buckets, by kind
	namespaces map[string]namespace    // by name
	notify     func([]Key)             // nil when nobody listens
}

// group is a set of entries under each key.
type group[K comparable] map[K]map[Key]*entry

func (g *group[K]) add(k K, e *entry) {
	if *g == nil {
		*g = group[K]{}
	}
	if (*g)[k] == nil {
		(*g)[k] = map[Key]*entry{}
	}
	(*g)[k][e.key] = e
}

func (g group[K]) remove(k K, e *entry) {
	delete(g[k], e.key)
	if len(g[k]) == 0 {
		delete(g, k)
	}
}

// Set remembers an object, in place of what was known of it. An object that is not about buckets, or that cannot be
// read, is forgotten: its admission says why.
func (x *Index) Set(obj map[string]any) {
	key := KeyOf(obj)
	reading, ok, err := source.Read(obj)
	if !ok || err != nil || key.Name == "" {
		x.Delete(key)
		return
	}
	x.change(key, &entry{key: key, reading: reading, object: obj})
}

// Delete forgets an object.
func (x *Index) Delete(key Key) { x.change(key, nil) }

// DeleteKind forgets all objects of one kind.
func (x *Index) DeleteKind(gk schema.GroupKind) {
	for _, key := range x.Keys() {
		if key.GroupKind == gk {
			x.Delete(key)
		}
	}
}

// Get returns an object as it is kept: what is judged and its metadata. nil for one that is not known. It is not to be
// changed.
func (x *Index) Get(key Key) map[string]any {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if e, ok := x.objects[key]; ok {
		return e.object
	}
	return nil
}

// Keys returns the keys of all objects, in no particular order.
func (x *Index) Keys() []Key {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return slices.Collect(maps.Keys(x.objects))
}

// Siblings returns the objects about the same bucket as obj, without obj itself, in a fixed order, as they are kept.
func (x *Index) Siblings(obj map[string]any, r source.Reading) []map[string]any {
	x.mu.RLock()
	defer x.mu.RUnlock()
	siblings, _ := x.siblings(&entry{key: KeyOf(obj), reading: r})
	var out []map[string]any
	for _, s := range siblings {
		out = append(out, s.object)
	}
	return out
}

// Objects returns how many objects of each kind are known, under names like "Bucket.s3.services.k8s.aws".
func (x *Index) Objects() map[string]int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	out := map[string]int{}
	for key := range x.objects {
		out[key.GroupKind.String()]++
	}
	return out
}

func (x *Index) remember(e *entry) {
	if x.objects == nil {
		x.objects = map[Key]*entry{}
	}
	x.objects[e.key] = e
	if isBucket(e.key.GroupKind) {
		x.buckets.add(e.key.GroupKind, e)
	}
	name := e.reading.Name
	if name.Literal != "" {
		x.named.add(name.Literal, e)
	}
	if name.Ref != nil {
		x.referred.add(target(e.key, *name.Ref), e)
	}
	if name.Selector != nil {
		x.selecting.add(e.key.GroupKind, e)
	}
}

func (x *Index) forget(key Key) {
	e, ok := x.objects[key]
	if !ok {
		return
	}
	delete(x.objects, key)
	x.buckets.remove(key.GroupKind, e)
	x.named.remove(e.reading.Name.Literal, e)
	if ref := e.reading.Name.Ref; ref != nil {
		x.referred.remove(target(key, *ref), e)
	}
	x.selecting.remove(key.GroupKind, e)
}

// bucketOf resolves the bucket of one object as its provider does: the literal name, else the referred Bucket, else
// the first that the selector matches. Either part of the answer may be missing: a name without a Bucket object, or a
// reference to one that is not there yet.
func (x *Index) bucketOf(e *entry) (name string, object Key) {
	if isBucket(e.key.GroupKind) {
		return e.reading.Name.Literal, e.key
	}
	n := e.reading.Name
	if n.Selector != nil && (n.Selector.Always || n.Literal == "" && n.Ref == nil) {
		if chosen := x.selected(e); chosen != nil {
			return chosen.reading.Name.Literal, chosen.key
		}
	}
	if n.Ref != nil && (n.Ref.Always || n.Literal == "") {
		key := target(e.key, *n.Ref)
		if b, ok := x.objects[key]; ok {
			return b.reading.Name.Literal, key
		}
		return "", key
	}
	return n.Literal, Key{}
}

// selected returns the Bucket that the selector of e takes: the first in list order.
func (x *Index) selected(e *entry) *entry {
	var best *entry
	want := target(e.key, source.Ref{Namespace: e.reading.Name.Selector.Namespace})
	for k, b := range x.buckets[want.GroupKind] {
		if k.Namespace == want.Namespace && (best == nil || k.Name < best.key.Name) && e.matches(b) {
			best = b
		}
	}
	return best
}

// matches tells whether the selector of e is for a Bucket like b, wherever that is.
func (e *entry) matches(b *entry) bool {
	s := e.reading.Name.Selector
	for key, value := range s.MatchLabels {
		if got, ok := b.reading.Labels[key]; !ok || got != value {
			return false
		}
	}
	return !s.MatchControllerRef || sameController(e.reading.Owner.Controller, b.reading.Owner.Controller)
}

func sameController(a, b *source.Controller) bool { return a != nil && b != nil && *a == *b }

// siblings returns all objects about the same bucket as e, without e itself, in a fixed order, and the bucket's name.
func (x *Index) siblings(e *entry) ([]*entry, string) {
	name, object := x.bucketOf(e)
	found := map[Key]*entry{}
	collect := func(set map[Key]*entry) {
		for k, s := range set {
			found[k] = s
		}
	}
	objects := []Key{object}
	if name != "" {
		collect(x.named[name])
		for k := range x.named[name] {
			if isBucket(k.GroupKind) && k != object {
				objects = append(objects, k)
			}
		}
	}
	var known []*entry // of objects
	for _, k := range objects {
		collect(x.referred[k])
		if b, ok := x.objects[k]; ok {
			found[k] = b
			known = append(known, b)
		}
	}
	for _, set := range x.selecting {
		for k, s := range set {
			if slices.ContainsFunc(known, s.matches) { // most of them do not, and asking further takes long
				found[k] = s
			}
		}
	}
	delete(found, e.key)
	var out []*entry
	for _, s := range found {
		n, o := x.bucketOf(s) // a reference or selector may point elsewhere by now
		if name != "" && n == name || o != (Key{}) && slices.Contains(objects, o) {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b *entry) int {
		return cmp.Or(cmp.Compare(a.key.Group, b.key.Group), cmp.Compare(a.key.String(), b.key.String()))
	})
	return out, name
}

// target is the Bucket object that a reference of from means: s3control's kinds refer to the Buckets of s3's group.
func target(from Key, ref source.Ref) Key {
	group := strings.Replace(from.Group, "s3control.", "s3.", 1)
	return Key{schema.GroupKind{Group: group, Kind: "Bucket"}, ref.Namespace, ref.Name}
}

func isBucket(gk schema.GroupKind) bool { return gk.Kind == "Bucket" }
