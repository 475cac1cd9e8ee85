// Package inventory remembers what the objects of a cluster, or of a folder of files, say about each bucket, so that a
// policy is judged by the settings that stand beside it. It answers from memory alone.
package inventory

import (
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
	if s, ok := source.Lookup(gk); ok {
		key.GroupKind = s.GroupKind() // the same text for all objects
		if !s.Namespaced {
			key.Namespace = "" // the API server drops it; files still have it
		}
	} else if c, ok := source.LookupConfig(gk); ok && !c.Namespaced {
		key.Namespace = ""
	}
	return key
}

// Index is the memory. It is safe for concurrent use; the zero Index is empty and ready.
type Index struct {
	mu      sync.RWMutex
	objects map[Key]*entry
	// named, referred and selecting find the objects that name a bucket literally, by a reference to a Bucket object, and
	// by a selector, which is filed under one thing that it asks for. buckets finds the Buckets by all that they offer.
	named      group[string]
	referred   group[Key]
	selecting  group[trait]
	buckets    group[trait]
	namespaces map[string]map[string]string // labels by name
	accounts   map[Key]account              // by the object that decides
	notify     func([]Key)                  // nil when nobody listens
}

// Set remembers an object, in place of what was known of it. An object that is not about buckets, or that cannot be
// read, is forgotten: its admission says why. Of a ProviderConfig only the account is remembered.
func (x *Index) Set(obj map[string]any) {
	key := KeyOf(obj)
	if _, ok := source.LookupConfig(key.GroupKind); ok {
		x.setAccount(key, source.ConfigAccount(obj), "role ARN")
		return
	}
	x.put(newEntry(obj))
}

func (x *Index) put(e *entry) {
	if e.packed == "" {
		x.replace(e.key, nil)
	} else {
		x.replace(e.key, e)
	}
}

// Delete forgets an object.
func (x *Index) Delete(key Key) {
	if _, ok := source.LookupConfig(key.GroupKind); ok {
		x.setAccount(key, "", "")
		return
	}
	x.replace(key, nil)
}

// DeleteKind forgets all objects of one kind.
func (x *Index) DeleteKind(gk schema.GroupKind) {
	x.mu.RLock()
	keys := slices.Concat(slices.Collect(maps.Keys(x.objects)), slices.Collect(maps.Keys(x.accounts)))
	x.mu.RUnlock()
	for _, key := range keys {
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
		return e.object()
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
	siblings, _ := x.siblings(probe(obj, r))
	var out []map[string]any
	for _, s := range siblings {
		out = append(out, s.object())
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
		for _, t := range e.traits() {
			x.buckets.add(t, e)
		}
	}
	if e.name.Literal != "" {
		x.named.add(e.name.Literal, e)
	}
	if e.name.Ref != nil {
		x.referred.add(target(e.key, *e.name.Ref), e)
	}
	if e.name.Selector != nil {
		x.selecting.add(e.wants()[0], e)
	}
}

func (x *Index) forget(e *entry) {
	delete(x.objects, e.key)
	for _, t := range e.traits() {
		x.buckets.remove(t, e)
	}
	x.named.remove(e.name.Literal, e)
	if e.name.Ref != nil {
		x.referred.remove(target(e.key, *e.name.Ref), e)
	}
	if e.name.Selector != nil {
		x.selecting.remove(e.wants()[0], e)
	}
}

// bucketOf resolves the bucket of one object as its provider does: the literal name, else the referred Bucket, else
// the first that the selector matches. Either part of the answer may be missing: a name without a Bucket object, or a
// reference to one that is not there yet.
func (x *Index) bucketOf(e *entry) (name string, object Key) {
	if isBucket(e.key.GroupKind) {
		return e.name.Literal, e.key
	}
	n := e.name
	if n.Selector != nil && (n.Selector.Always || n.Literal == "" && n.Ref == nil) {
		if chosen := x.selected(e); chosen != nil {
			return chosen.name.Literal, chosen.key
		}
	}
	if n.Ref != nil && (n.Ref.Always || n.Literal == "") {
		key := target(e.key, *n.Ref)
		if b, ok := x.objects[key]; ok {
			return b.name.Literal, key
		}
		return "", key
	}
	return n.Literal, Key{}
}

// selected returns the Bucket that the selector of e takes: the first in list order. nil when there is none.
func (x *Index) selected(e *entry) *entry {
	wants := e.wants()
	fewest := x.buckets[wants[0]]
	for _, t := range wants[1:] {
		if some := x.buckets[t]; len(some) < len(fewest) {
			fewest = some
		}
	}
	if i := slices.IndexFunc(fewest, e.matches); i >= 0 {
		return fewest[i]
	}
	return nil
}

// matches tells whether the selector of e is for a Bucket like b, wherever that is.
func (e *entry) matches(b *entry) bool {
	s := e.name.Selector
	for key, value := range s.MatchLabels {
		if got, ok := b.labels[key]; !ok || got != value {
			return false
		}
	}
	return !s.MatchControllerRef || e.controller != nil && b.controller != nil && *e.controller == *b.controller
}

// siblings returns all objects about the same bucket as e, without e itself, in order, and the bucket's name.
func (x *Index) siblings(e *entry) ([]*entry, string) {
	name, object := x.bucketOf(e)
	objects := []Key{object}
	found := slices.Clone(x.named[name])
	for _, s := range found {
		if isBucket(s.key.GroupKind) && s.key != object {
			objects = append(objects, s.key)
		}
	}
	for _, k := range objects {
		found = append(found, x.referred[k]...)
		if b, ok := x.objects[k]; ok {
			found = append(append(found, b), x.choosers(b)...)
		}
	}
	slices.SortFunc(found, order)
	return slices.DeleteFunc(slices.Compact(found), func(s *entry) bool {
		n, o := x.bucketOf(s) // a reference or selector may point elsewhere by now
		return s.key == e.key || (name == "" || n != name) && (o == Key{} || !slices.Contains(objects, o))
	}), name
}

// choosers returns the objects whose selectors match a Bucket. They may choose another one all the same.
func (x *Index) choosers(b *entry) []*entry {
	var out []*entry
	for _, t := range b.traits() {
		for _, s := range x.selecting[t] {
			if s.matches(b) {
				out = append(out, s)
			}
		}
	}
	return out
}

// target is the Bucket object that a reference of from means: s3control's kinds refer to the Buckets of s3's group.
func target(from Key, ref source.Ref) Key {
	group := strings.Replace(from.Group, "s3control.", "s3.", 1)
	return Key{schema.GroupKind{Group: group, Kind: "Bucket"}, ref.Namespace, ref.Name}
}

func isBucket(gk schema.GroupKind) bool { return gk.Kind == "Bucket" }
