package inventory

import (
	"maps"
	"slices"
)

// Notify has f called after each change of anything that is judged, labels included, with the keys of every object whose
// review may differ now: the object itself and the objects about the same bucket, before and after. A mere new
// resourceVersion is no change. f must not block. It is to be called before the first Set.
func (x *Index) Notify(f func(keys []Key)) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.notify = f
}

// change puts e in the place of what is known under key, nothing for nil, and tells who listens.
func (x *Index) change(key Key, e *entry) {
	x.mu.Lock()
	var versions []*entry // those between which something that is judged changes
	before := x.objects[key]
	if x.notify != nil && (before == nil || e == nil || before.text != e.text) {
		versions = slices.DeleteFunc([]*entry{before, e}, func(e *entry) bool { return e == nil })
	}
	touched := map[Key]bool{}
	x.touch(touched, versions)
	if before != nil {
		x.forget(before)
	}
	if e != nil {
		x.remember(e)
	}
	x.touch(touched, versions)
	x.mu.Unlock()
	if len(touched) > 0 {
		x.notify(slices.Collect(maps.Keys(touched)))
	}
}

// touch adds the objects whose review may rest on one of those versions: the siblings, and those of objects that choose
// another Bucket once this one comes or goes.
func (x *Index) touch(touched map[Key]bool, versions []*entry) {
	for _, e := range versions {
		touched[e.key] = true
		about := []*entry{e}
		if isBucket(e.key.GroupKind) {
			about = append(about, x.choosers(e)...)
		}
		for _, a := range about {
			siblings, _ := x.siblings(a)
			for _, s := range siblings {
				touched[s.key] = true
			}
		}
	}
}
