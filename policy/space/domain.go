package space

import (
	"slices"

	"github.com/bucketwarden/bucketwarden/policy/glob"
)

// set is what one element or condition of a statement says about one dimension. Which fields count depends on the
// dimension's kind.
type set struct {
	langs  []glob.Language // text, action and many: the strings that match, any of them
	absent bool            // text and finite: an absent key matches too
	points bits            // finite and action: the points that match
	every  bool            // many: all values have to match (or there is none), not some value
	// ofAccount says that of ARNs nothing but the account counts, so that callers of all kinds are told apart alike.
	ofAccount bool
}

// facet is a set in a dimension, or with out its complement. A box is a conjunction of facets.
type facet struct {
	dim int
	set *set
	out bool
}

func (f facet) not() facet { f.out = !f.out; return f }

// domain is what is still possible in one dimension. Domains do not change: narrow returns a new one.
type domain interface {
	// narrow returns what is left of the domain inside f.
	narrow(f facet) domain
	// value returns a point of the domain as a condition key's values; present is false for the absent point.
	// found is false when the domain is empty; decided is false when budget ran out.
	value(budget *int) (values []string, present, found, decided bool)
}

// bits is a set of small numbers.
type bits []uint64

func newBits(n int) bits { return make(bits, (n+63)/64) }

func (b bits) set(i int)      { b[i/64] |= 1 << (i % 64) }
func (b bits) has(i int) bool { return i/64 < len(b) && b[i/64]>>(i%64)&1 == 1 }

// and returns b without what c lacks, or with out what c has.
func (b bits) and(c bits, out bool) bits {
	r := make(bits, len(b))
	for i := range b {
		var w uint64
		if i < len(c) {
			w = c[i]
		}
		if out {
			w = ^w
		}
		r[i] = b[i] & w
	}
	return r
}

func (b bits) meets(c bits) bool {
	for i := range min(len(b), len(c)) {
		if b[i]&c[i] != 0 {
			return true
		}
	}
	return false
}

// within reports whether some point lies inside f.
func (b bits) within(f facet) bool {
	if f.out {
		return b.leaves(f.set.points)
	}
	return b.meets(f.set.points)
}

// leaves reports whether b has anything that c lacks.
func (b bits) leaves(c bits) bool {
	for i, w := range b {
		if i < len(c) {
			w &^= c[i]
		}
		if w != 0 {
			return true
		}
	}
	return false
}

func (b bits) first() (int, bool) {
	for i := range len(b) * 64 {
		if b.has(i) {
			return i, true
		}
	}
	return 0, false
}

// region is a set of strings: those in some language of each of ins, and in none of outs.
type region struct {
	ins  [][]glob.Language
	outs []glob.Language
}

func (r region) narrow(langs []glob.Language, out bool) region {
	if out {
		return region{r.ins, slices.Concat(r.outs, langs)}
	}
	return region{append(slices.Clip(r.ins), langs), r.outs}
}

// find returns a string of the region. It tries each choice of one language from each of ins, after dropping those that
// a language of outs swallows.
func (r region) find(budget *int) (s string, found, decided bool) {
	choices, outs := make([][]glob.Language, 0, len(r.ins)), glob.Weight(r.outs)
	for _, langs := range r.ins {
		langs = without(langs, r.outs)
		*budget -= glob.Weight(langs) * outs / 2
		if *budget <= 0 {
			return "", false, false
		}
		if langs = r.unswallowed(langs); len(langs) == 0 {
			return "", false, true
		}
		choices = append(choices, langs)
	}
	// The narrowest choice first: it prunes most.
	slices.SortStableFunc(choices, func(a, b []glob.Language) int { return len(a) - len(b) })
	return r.choose(make([]glob.Language, 0, len(choices)), choices, budget)
}

// unswallowed returns the languages that none of outs includes: nearly always all of them.
func (r region) unswallowed(langs []glob.Language) []glob.Language {
	swallowed := func(l glob.Language) bool {
		return slices.ContainsFunc(r.outs, func(o glob.Language) bool { return o.Includes(l) })
	}
	first := slices.IndexFunc(langs, swallowed)
	if first < 0 {
		return langs
	}
	left := slices.Clone(langs[:first])
	for _, l := range langs[first+1:] {
		if !swallowed(l) {
			left = append(left, l)
		}
	}
	return left
}

// without drops the languages that stand in outs to the letter, where there are so many that a look at each pair is dear.
func without(langs, outs []glob.Language) []glob.Language {
	const many = 256
	if len(langs)*len(outs) < many {
		return langs
	}
	gone := make(map[glob.Language]bool, len(outs))
	for _, o := range outs {
		gone[o] = true
	}
	return slices.DeleteFunc(slices.Clone(langs), func(l glob.Language) bool { return gone[l] })
}

// choose goes on from what is chosen so far, in whose memory it writes what it tries next.
func (r region) choose(chosen []glob.Language, choices [][]glob.Language, budget *int) (s string, found, decided bool) {
	if len(choices) == 0 {
		*budget -= costOfStrings
		return glob.Find(chosen, r.outs, budget)
	}
	decided = true
	for _, l := range choices[0] {
		if slices.ContainsFunc(chosen, l.Disjoint) {
			continue
		}
		if *budget <= 0 {
			return "", false, false
		}
		*budget -= 1 + len(r.outs)/32
		s, found, sure := r.choose(append(chosen, l), choices[1:], budget)
		if found {
			return s, true, true
		}
		decided = decided && sure
	}
	return "", false, decided
}

// text is a single-valued key with any strings, or the resource.
type text struct {
	absent, present bool // which of the two is possible
	region
}

func (t text) narrow(f facet) domain {
	if f.out {
		return text{t.absent && !f.set.absent, t.present, t.region.narrow(f.set.langs, true)}
	}
	return text{t.absent && f.set.absent, t.present && len(f.set.langs) > 0, t.region.narrow(f.set.langs, false)}
}

func (t text) value(budget *int) ([]string, bool, bool, bool) {
	decided := true
	if t.present {
		s, found, sure := t.find(budget)
		if found {
			return []string{s}, true, true, true
		}
		decided = sure
	}
	return nil, false, t.absent, decided || t.absent
}

// finite is a key whose values fall into classes that no condition tells apart: one point a class. A prototype's
// opaque predicates are finite too, with the points false and true.
type finite struct {
	absent bool
	left   bits
	values []string // of each point
}

func (d finite) narrow(f facet) domain {
	return finite{d.absent && f.set.absent != f.out, d.left.and(f.set.points, f.out), d.values}
}

// meets reports whether anything of the domain lies inside f.
func (d finite) meets(f facet) bool {
	if d.absent && f.set.absent != f.out {
		return true
	}
	return d.left.within(f)
}

func (d finite) value(*int) ([]string, bool, bool, bool) {
	if i, ok := d.left.first(); ok {
		return []string{d.values[i]}, true, true, true
	}
	return nil, false, d.absent, true
}

// action is the action of a request: one of those that the catalog knows, or any other name.
type action struct {
	known bits
	named []string // the names of the points after the catalog's
	other region   // names that the catalog does not know
	open  bool     // whether other names are possible
}

func (d action) narrow(f facet) domain {
	return action{d.known.and(f.set.points, f.out), d.named, d.other.narrow(f.set.langs, f.out), d.open && (f.out || len(f.set.langs) > 0)}
}

// meets reports whether an action that the catalog knows lies inside f.
func (d action) meets(f facet) bool { return d.known.within(f) }

func (d action) value(budget *int) ([]string, bool, bool, bool) {
	if i, ok := d.known.first(); ok {
		if i >= pointOf(0) {
			return []string{d.named[i-pointOf(0)]}, true, true, true
		}
		return []string{known.actions[i].Name()}, true, true, true
	}
	if !d.open {
		return nil, false, false, true
	}
	s, found, decided := d.other.find(budget)
	return []string{s}, found, found, decided
}

// many is a multivalued key: a set of values, all of which lie in all, and one at least in each of some; or absent.
type many struct {
	absent, present bool
	all             region
	some            []part
}

// part is a set that some value has to lie in, or with out one that it has to lie outside of.
type part struct {
	langs []glob.Language
	out   bool
}

// narrow: "some value matches" and "every value matches" are each other's complements, on complementary sets.
func (d many) narrow(f facet) domain {
	switch {
	case f.set.absent: // the Null operator asks for nothing else
		d.absent, d.present = d.absent && !f.out, d.present && f.out
	case f.set.every != f.out: // every value inside, or no value inside
		d.all = d.all.narrow(f.set.langs, f.out)
	default: // some value inside, or some value outside
		d.absent, d.some = false, append(slices.Clip(d.some), part{f.set.langs, f.out})
	}
	return d
}

func (d many) value(budget *int) (values []string, present, found, decided bool) {
	if d.absent {
		return nil, false, true, true
	}
	if !d.present {
		return nil, false, false, true
	}
	wanted := d.some
	if len(wanted) == 0 {
		wanted = []part{{out: true}} // present, so one value at least
	}
	for _, p := range wanted {
		s, found, decided := d.all.narrow(p.langs, p.out).find(budget)
		if !found {
			return nil, false, false, decided
		}
		if !slices.Contains(values, s) {
			values = append(values, s)
		}
	}
	return values, true, true, true
}
