package files

import (
	"path/filepath"

	"github.com/bucketwarden/bucketwarden/webhook/inventory"
)

// Side is one side of a comparison: a path, and the policies below it.
type Side struct {
	Path     string
	Policies []Policy
}

// Pair is a policy before and after a change. One of them is nil where there is no such policy on that side.
type Pair struct{ Old, New *Policy }

// Pairs finds the policies of two sides that are the same one: by the object that they stand in, in the same file and in any, then by
// their bucket. Those that are alike in one file are taken in order, if there are as many on both sides; others that are alike are
// taken for none. Those of the new side come in its order, then what only the old one has. Of two sides with one policy each these
// are a pair, whatever they are called.
func Pairs(old, new Side) []Pair {
	if len(old.Policies) == 1 && len(new.Policies) == 1 {
		return []Pair{{&old.Policies[0], &new.Policies[0]}}
	}
	m := matcher{old: old, new: new, before: map[int]int{}, taken: map[int]bool{}}
	for _, in := range []struct {
		name  func(Side, Policy) any
		alike bool
	}{{byFile, false}, {byObject, false}, {byBucket, false}, {byObject, false}, {byFile, true}} { // who has gone leaves others alone
		m.by(in.name, in.alike)
	}
	var out []Pair
	for i := range new.Policies {
		pair := Pair{New: &new.Policies[i]}
		if o, ok := m.before[i]; ok {
			pair.Old = &old.Policies[o]
		}
		out = append(out, pair)
	}
	for i := range old.Policies {
		if !m.taken[i] {
			out = append(out, Pair{Old: &old.Policies[i]})
		}
	}
	return out
}

// byFile calls a policy by its object and file.
func byFile(s Side, p Policy) any {
	name, err := filepath.Rel(s.Path, p.Item.File.Name)
	if err != nil {
		name = p.Item.File.Name
	}
	return [2]any{name, identityOf(p)}
}

// byObject calls a policy by its object; all bare documents would be called the same.
func byObject(_ Side, p Policy) any {
	if p.Item.Object == nil {
		return nil
	}
	return identityOf(p)
}

// byBucket calls a policy by its bucket.
func byBucket(_ Side, p Policy) any {
	if !p.Bucket.Name.Known() {
		return nil
	}
	return p.Bucket.Name.Value
}

// identity is what a policy is called.
type identity struct {
	inventory.Key
	field string
}

func identityOf(p Policy) identity { return identity{inventory.KeyOf(p.Item.Object), p.Field} }

// matcher finds pairs.
type matcher struct {
	old, new Side
	before   map[int]int  // the number of an old policy by that of the new one
	taken    map[int]bool // old ones
}

// by makes pairs of those that have the same name, where just one on each side has it or, if alike, as many. What has no name, nil,
// gets no pair.
func (m *matcher) by(name func(Side, Policy) any, alike bool) {
	olds, news := map[any][]int{}, map[any][]int{}
	for i, p := range m.old.Policies {
		if n := name(m.old, p); n != nil && !m.taken[i] {
			olds[n] = append(olds[n], i)
		}
	}
	for i, p := range m.new.Policies {
		if _, done := m.before[i]; !done {
			if n := name(m.new, p); n != nil {
				news[n] = append(news[n], i)
			}
		}
	}
	for n, i := range news {
		if o := olds[n]; len(o) == len(i) && (alike || len(i) == 1) {
			for k := range i {
				m.before[i[k]], m.taken[o[k]] = o[k], true
			}
		}
	}
}
