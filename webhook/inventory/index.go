// Package inventory remembers what the objects of a cluster, or of a folder of files, say about each bucket, so that a
// policy is judged by the settings that stand beside it. It answers from memory alone.
package inventory

import (
	"cmp"
	"hash/fnv"
	"iter"
	"maps"
	"slices"
	"strconv"
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

// KeyOf returns the key of an object. One that generateName has not named yet, as in the output of `crossplane render`, has a
// name that no object can get: "xr-(bucket)" by its resource in the Composition, else by what it holds.
func KeyOf(obj map[string]any) Key {
	text := func(m map[string]any, key string) string { s, _ := m[key].(string); return s }
	meta, _ := obj["metadata"].(map[string]any)
	gk := schema.FromAPIVersionAndKind(text(obj, "apiVersion"), text(obj, "kind")).GroupKind()
	key := Key{gk, text(meta, "namespace"), text(meta, "name")}
	if stem := text(meta, "generateName"); key.Name == "" && stem != "" {
		key.Name = stem + "(" + cmp.Or(source.CompositionResource(obj), digest(obj)) + ")"
	}
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

// digest tells objects apart that nothing else does.
func digest(obj map[string]any) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(encode(obj))) // it never fails
	return strconv.FormatUint(uint64(h.Sum32()), 16)
}

// Index is the memory. It is safe for concurrent use; the zero Index is empty and ready.
type Index struct {
	mu      sync.RWMutex
	objects map[Key]*Entry
	// named, referred and selecting find the objects that name a bucket literally, by a reference to a Bucket object, and
	// by a selector, which is filed under one thing that it asks for. buckets finds the Buckets by all that they offer.
	named      group[string]
	referred   group[Key]
	selecting  group[trait]
	buckets    group[trait]
	logging    group[logged]                // those that grant access to server access logs
	namespaces map[string]map[string]string // labels by name
	accounts   map[Key]account              // by the object that decides
	roles      map[source.Actor]role
	selectors  map[Key]source.RoleSelector // of ACK's objects
	notify     func([]Key)                 // nil when nobody listens
}

// Set remembers an object, in place of what was known of it. An object that is not about buckets, or that cannot be
// read, is forgotten: its admission says why. Of a ProviderConfig only the role is remembered.
func (x *Index) Set(obj map[string]any) {
	key := KeyOf(obj)
	if _, ok := source.LookupConfig(key.GroupKind); ok {
		s, selects := source.ReadRoleSelector(obj)
		x.setSelector(key, s, selects)
		x.setConfig(key, obj)
		return
	}
	x.Put(NewEntry(obj))
}

// Put remembers an entry in place of what is known of its object. One that says nothing is forgotten.
func (x *Index) Put(e *Entry) {
	if e.packed == "" {
		x.replace(e.key, nil)
	} else {
		x.replace(e.key, e)
	}
}

// Delete forgets an object.
func (x *Index) Delete(key Key) {
	if _, ok := source.LookupConfig(key.GroupKind); ok {
		x.setSelector(key, source.RoleSelector{}, false)
		x.setAccount(key, account{})
		return
	}
	x.replace(key, nil)
}

// DeleteKind forgets all objects of one kind.
func (x *Index) DeleteKind(gk schema.GroupKind) {
	x.mu.RLock()
	keys := slices.Concat(slices.Collect(maps.Keys(x.objects)), slices.Collect(maps.Keys(x.accounts)), slices.Collect(maps.Keys(x.selectors)))
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

// Policies yields the objects about the same bucket as obj that may hold a policy, without obj itself, in a fixed order, as
// they are kept.
func (x *Index) Policies(obj map[string]any, r source.Reading) iter.Seq[map[string]any] {
	x.mu.RLock()
	defer x.mu.RUnlock()
	siblings, _ := x.about(probe(obj, r))
	return func(yield func(map[string]any) bool) {
		for _, s := range siblings {
			if kind, ok := source.Lookup(s.key.GroupKind); ok && len(kind.Policies) > 0 && !yield(s.object()) {
				return
			}
		}
	}
}

// about returns all objects about the same bucket as e, without e itself, in order, and the bucket's name.
func (x *Index) about(e *Entry) ([]*Entry, string) {
	return x.look().siblings(e)
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

func (x *Index) remember(e *Entry) {
	if x.objects == nil {
		x.objects = map[Key]*Entry{}
	}
	x.objects[e.key] = e
	if isBucket(e.key.GroupKind) {
		for t := range e.offers() {
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
	if e.logs != nil {
		x.logging.add(e.logged(), e)
	}
}

func (x *Index) forget(e *Entry) {
	delete(x.objects, e.key)
	for t := range e.offers() {
		x.buckets.remove(t, e)
	}
	x.named.remove(e.name.Literal, e)
	if e.name.Ref != nil {
		x.referred.remove(target(e.key, *e.name.Ref), e)
	}
	if e.name.Selector != nil {
		x.selecting.remove(e.wants()[0], e)
	}
	if e.logs != nil {
		x.logging.remove(e.logged(), e)
	}
}

// target is the Bucket object that a reference of from means: s3control's kinds refer to the Buckets of s3's group.
func target(from Key, ref source.Ref) Key {
	group := strings.Replace(from.Group, "s3control.", "s3.", 1)
	return Key{schema.GroupKind{Group: group, Kind: "Bucket"}, ref.Namespace, ref.Name}
}

func isBucket(gk schema.GroupKind) bool { return gk.Kind == "Bucket" }
