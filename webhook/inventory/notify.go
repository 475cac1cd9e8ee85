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

// alter makes a change, and tells who listens which reviews may differ since. concerns returns the objects that the change
// is about, or whose facts it is about; it is asked before.
func (x *Index) alter(concerns func() []*Entry, change func()) {
	x.mu.Lock()
	touched := map[Key]bool{}
	var about []*Entry
	if x.notify != nil {
		about = concerns()
	}
	x.touch(touched, about)
	change()
	x.touch(touched, about)
	x.mu.Unlock()
	if len(touched) > 0 {
		x.notify(slices.Collect(maps.Keys(touched)))
	}
}

// replace puts e in the place of what is known under key, nothing for nil.
func (x *Index) replace(key Key, e *Entry) {
	x.alter(func() []*Entry {
		before := x.objects[key]
		if before != nil && e != nil && before.packed == e.packed {
			return nil
		}
		return slices.DeleteFunc([]*Entry{before, e}, func(e *Entry) bool { return e == nil })
	}, func() {
		if before := x.objects[key]; before != nil {
			x.forget(before)
		}
		if e != nil {
			x.remember(e)
		}
	})
}

// touch adds the objects whose review rests on one of those: the siblings, and the siblings of objects that choose
// another Bucket once this one comes or goes. Each bucket is looked at once. An object whose siblings cannot tell whether
// it is there touches itself alone, or each of thousands about one bucket would touch all others.
func (x *Index) touch(touched map[Key]bool, about []*Entry) {
	seen, look := map[bucket]bool{}, x.look()
	for _, e := range about {
		touched[e.key] = true
		choosers := look.choosers(e)
		if len(choosers) == 0 && len(x.referred[e.key]) == 0 && look.repeats(e) {
			if isBucket(e.key.GroupKind) { // of the name at least
				look.touchLoggers(touched, e)
			}
			continue
		}
		for _, a := range append(choosers, e) {
			touched[a.key] = true
			name, object := look.bucketOf(a)
			if seen[bucket{name, object}] {
				continue
			}
			seen[bucket{name, object}] = true
			siblings, _ := look.siblings(a)
			for _, s := range siblings {
				touched[s.key] = true
			}
			look.touchLoggers(touched, a)
		}
	}
}

// touchLoggers adds those that grant access to server access logs in the bucket of an object.
func (l look) touchLoggers(touched map[Key]bool, e *Entry) {
	name, object := l.bucketOf(e)
	for s := range l.loggers(bucket{name, object}) {
		touched[s.key] = true
	}
}

// repeats reports whether all that e says of its bucket two others of its namespace say that come before it. Then nobody
// notices when it comes or goes: neither do those two, as each still has the other.
func (l look) repeats(e *Entry) bool {
	facts, missing := e.facts(), 0
	for _, f := range facts {
		if f != "" {
			missing += 2
		}
	}
	if missing == 0 {
		return true
	}
	var heard [len(facts)]int
	hear := func(s *Entry) {
		for i, f := range s.facts() {
			if f != "" && f == facts[i] && heard[i] < 2 {
				heard[i]++
				missing--
			}
		}
	}
	name, object := l.bucketOf(e)
	b, counted := bucket{name, object}, map[*Entry]bool{}
	for list := range l.lists(b) {
		for _, s := range list {
			if missing == 0 {
				return true
			}
			if order(s, e) >= 0 {
				break
			}
			if s.key.Namespace == e.key.Namespace && !counted[s] && l.has(b, s) {
				counted[s] = true
				hear(s)
			}
		}
	}
	return missing == 0
}
