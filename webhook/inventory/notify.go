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
	before := x.objects[key]
	touched := map[Key]bool{}
	x.touch(touched, before, e)
	x.forget(key)
	if e != nil {
		x.remember(e)
	}
	x.touch(touched, e, before)
	x.mu.Unlock()
	if len(touched) > 0 {
		x.notify(slices.Collect(maps.Keys(touched)))
	}
}

// touch adds the objects whose review e may decide, unless it says what other does.
func (x *Index) touch(touched map[Key]bool, e, other *entry) {
	if x.notify == nil || e == nil || other != nil && e.same(other) {
		return
	}
	touched[e.key] = true
	siblings, _ := x.siblings(e)
	for _, s := range siblings {
		touched[s.key] = true
	}
}

// same tells whether two versions of an object are judged alike.
func (e *entry) same(other *entry) bool {
	a, b := e.reading, other.reading
	return a.Input() == b.Input() && maps.Equal(a.Labels, b.Labels) && a.Deleting == b.Deleting && a.Mode == b.Mode &&
		a.Account == b.Account && a.Region == b.Region && a.Partition == b.Partition
}
