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
// their bucket. Where several are alike, none of them is taken for another one. Those of the new side come in its order, then what
// only the old one has. Of two sides with one policy each these are a pair, whatever they are called.
func Pairs(old, new Side) []Pair {
	if len(old.Policies) == 1 && len(new.Policies) == 1 {
		return []Pair{{&old.Policies[0], &new.Policies[0]}}
	}
	m := matcher{old: old, new: new, before: map[int]int{}, taken: map[int]bool{}}
	m.by(func(s Side, p Policy) any {
		name, err := filepath.Rel(s.Path, p.Item.File.Name)
		if err != nil {
			name = p.Item.File.Name
		}
		return [2]any{name, identityOf(p)}
	})
	m.by(func(_ Side, p Policy) any {
		if p.Item.Object == nil {
			return nil // all bare documents are called the same
		}
		return identityOf(p)
	})
	m.by(func(_ Side, p Policy) any {
		if !p.Bucket.Name.Known() {
			return nil
		}
		return p.Bucket.Name.Value
	})
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

// by makes pairs of those that have the same name, where just one on each side has it. What has no name, nil, gets no pair.
func (m *matcher) by(name func(Side, Policy) any) {
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
		if o := olds[n]; len(o) == 1 && len(i) == 1 {
			m.before[i[0]], m.taken[o[0]] = o[0], true
		}
	}
}
