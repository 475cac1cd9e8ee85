package inventory

import (
	"iter"
	"slices"
)

// look is a look at the index, while nothing changes. Thousands of objects may be about one bucket, and thousands of Buckets may be what a selector
// means: each selector is looked for once.
type look struct {
	*Index
	chosen map[string]*Entry // by what a selector asks for, nil for none
}

func (x *Index) look() look { return look{x, map[string]*Entry{}} }

// bucketOf resolves the bucket of one object as its provider does: the literal name, else the referred Bucket, else
// the first that the selector matches. Either part of the answer may be missing: a name without a Bucket object, or a
// reference to one that is not there yet.
func (l look) bucketOf(e *Entry) (name string, object Key) {
	if isBucket(e.key.GroupKind) {
		return e.name.Literal, e.key
	}
	n := e.name
	if n.Selector != nil && (n.Selector.Always || n.Literal == "" && n.Ref == nil) {
		if chosen := l.selected(e); chosen != nil {
			return chosen.name.Literal, chosen.key
		}
	}
	if n.Ref != nil && (n.Ref.Always || n.Literal == "") {
		key := target(e.key, *n.Ref)
		if b, ok := l.objects[key]; ok {
			return b.name.Literal, key
		}
		return "", key
	}
	return n.Literal, Key{}
}

// selected returns the Bucket that the selector of e takes: the first in list order. nil when there is none.
func (l look) selected(e *Entry) *Entry {
	chosen, known := l.chosen[e.selects]
	if !known {
		wants := e.wants()
		fewest := l.buckets[wants[0]]
		for _, t := range wants[1:] {
			if some := l.buckets[t]; len(some) < len(fewest) {
				fewest = some
			}
		}
		if i := slices.IndexFunc(fewest, e.matches); i >= 0 {
			chosen = fewest[i]
		}
		l.chosen[e.selects] = chosen
	}
	return chosen
}

// matches reports whether the selector of e is for a Bucket like b, wherever that is.
func (e *Entry) matches(b *Entry) bool {
	s := e.name.Selector
	for key, value := range s.MatchLabels {
		if got, ok := b.labels[key]; !ok || got != value {
			return false
		}
	}
	return !s.MatchControllerRef || e.by.same(b.by)
}

// bucket is what objects about it have in common: its name, or the Bucket object that they mean.
type bucket struct {
	name   string
	object Key
}

// has reports whether an object is about the bucket.
func (l look) has(b bucket, e *Entry) bool {
	name, object := l.bucketOf(e)
	return b.name != "" && name == b.name || object != (Key{}) && object == b.object
}

// lists yields those in which all objects about a bucket are, and perhaps others, each in order. Most are in the first.
func (l look) lists(b bucket) iter.Seq[[]*Entry] {
	return func(yield func([]*Entry) bool) {
		named := l.named[b.name]
		if len(named) > 0 && !yield(named) {
			return
		}
		asked := map[trait]bool{}
		means := func(k Key, o *Entry) bool { // the lists of what means one Bucket object
			if r := l.referred[k]; len(r) > 0 && !yield(r) {
				return false
			}
			for t := range o.offers() {
				if s := l.selecting[t]; len(s) > 0 && !asked[t] {
					asked[t] = true
					if !yield(s) {
						return false
					}
				}
			}
			return true
		}
		o := l.objects[b.object]
		if !means(b.object, o) || o != nil && (o.name.Literal == "" || o.name.Literal != b.name) && !yield([]*Entry{o}) {
			return
		}
		for _, o := range named {
			if isBucket(o.key.GroupKind) && o.key != b.object && !means(o.key, o) {
				return
			}
		}
	}
}

// siblings returns all objects about the same bucket as e, without e itself, in order, and the bucket's name.
func (l look) siblings(e *Entry) ([]*Entry, string) {
	name, object := l.bucketOf(e)
	b := bucket{name, object}
	var found []*Entry
	var seen map[*Entry]bool // once there is a second list
	for list := range l.lists(b) {
		if seen == nil && len(found) > 0 {
			seen = make(map[*Entry]bool, len(found))
			for _, s := range found {
				seen[s] = true
			}
		}
		for _, s := range list {
			if s.key != e.key && !seen[s] && l.has(b, s) { // a reference or selector may point elsewhere by now
				found = append(found, s)
				if seen != nil {
					seen[s] = true
				}
			}
		}
	}
	if seen != nil {
		slices.SortFunc(found, order)
	}
	return found, name
}

// choosers returns the objects whose selectors choose a Bucket, or would if it were there: that match it, and no other one
// before it.
func (l look) choosers(b *Entry) []*Entry {
	var out []*Entry
	for t := range b.offers() {
		for _, s := range l.selecting[t] {
			if first := l.selected(s); (first == nil || order(b, first) <= 0) && s.matches(b) {
				out = append(out, s)
			}
		}
	}
	return out
}
