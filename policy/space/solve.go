package space

import "github.com/bucketwarden/bucketwarden/policy/glob"

// A point of a box outside every box of a cover, or a proof that there is none: the one question that everything else
// is asked as.
//
// Each box of the cover is a clause: a point outside of it lies outside of one facet at least. The search takes the
// clause with the fewest facets left to choose from. With none the box is covered; with one there is no choice; with
// more it tries each in turn, inside of those before it, so that the parts are disjoint. When no clause is left, any
// point will do.

// Proof is why a box is covered, as a tree: Branches[i] proves the part that lies inside the first i facets of the
// covering box and outside facet i; nil means that nothing lies there. What lies inside all of them is covered.
type Proof struct {
	Cover    int // index of the covering box
	Branches []*Proof
}

// Nodes returns the size of the tree.
func (p *Proof) Nodes() int {
	if p == nil {
		return 0
	}
	n := 1
	for _, b := range p.Branches {
		n += b.Nodes()
	}
	return n
}

// Each node of the search, each look at a domain and each step of a search for a string takes one step, and what takes
// longer takes more.
const (
	costOfStrings = 30 // a search for a string
	costOfLook    = 4  // a look at a domain of strings
	costOfWitness = 3  // for each statement, to have a witness confirmed
)

// search is one box against one cover.
type search struct {
	cover  [][]facet
	budget *budget
}

// version is a domain that remembers what was found out about it.
type version struct {
	domain
	known map[half]status
}

// half is a facet without its dimension.
type half struct {
	set *set
	out bool
}

func (v *version) narrow(f facet) *version { return &version{domain: v.domain.narrow(f)} }

type status uint8

const (
	unknown status = iota
	possible
	impossible
	undecided
)

type outcome uint8

const (
	covered outcome = iota
	found
	gaveUp
)

// uncovered looks for a point of the domains, narrowed by box, outside all of cover.
func (s *search) uncovered(domains []*version, box []facet) (outcome, *Proof, []*version) {
	point := append([]*version{}, domains...)
	sure := true
	for _, f := range box {
		switch s.ask(point[f.dim], f) {
		case impossible:
			return covered, nil, nil
		case undecided:
			sure = false
		}
		point[f.dim] = point[f.dim].narrow(f)
	}
	live := make([]int, 0, len(s.cover))
	for i, c := range s.cover {
		if !s.apart(box, c) {
			live = append(live, i)
		}
	}
	out, proof, point := s.solve(point, live)
	if !sure && out == found {
		out = gaveUp
	}
	return out, proof, point
}

// apart tells at a glance that a box and a covering box have no point in common, as their strings have not. False means
// nothing.
func (s *search) apart(box, clause []facet) bool {
	for _, f := range clause {
		for _, g := range box {
			if f.dim != g.dim || f.out || g.out || f.set.absent || f.set.every || g.set.every || len(f.set.langs)*len(g.set.langs) == 0 {
				continue
			}
			s.budget.left--
			if f.dim != dimAction && !anyPair(s.budget, f.set.langs, g.set.langs, glancesOfStep/4, meet) {
				return true
			}
		}
	}
	return false
}

func meet(a, b glob.Language) bool { return a == b || !a.Disjoint(b) }

// ask reports whether anything of a domain lies inside f.
func (s *search) ask(v *version, f facet) status {
	s.budget.left--
	switch d := v.domain.(type) { // what is quicker than to remember
	case finite:
		if d.meets(f) {
			return possible
		}
		return impossible
	case action:
		if d.meets(f) {
			return possible
		}
	}
	q := half{f.set, f.out}
	if known := v.known[q]; known != unknown {
		return known
	}
	s.budget.left -= costOfLook
	_, _, exists, decided := some(v.domain.narrow(f), &s.budget.left)
	a := impossible
	switch {
	case exists:
		a = possible
	case !decided:
		a = undecided
	}
	if v.known == nil {
		v.known = map[half]status{}
	}
	v.known[q] = a
	return a
}

// some is value, for whoever only asks whether there is one: that a key may be absent is seen at once.
func some(d domain, budget *int) (values []string, present, exists, decided bool) {
	if t, ok := d.(text); ok && t.absent {
		return nil, false, true, true
	}
	return d.value(budget)
}

// solve looks for a point outside the live clauses. Live clauses that the domains have left already are dropped.
func (s *search) solve(point []*version, live []int) (outcome, *Proof, []*version) {
	if s.budget.over() {
		return gaveUp, nil, nil
	}
	s.budget.left--
	clause, remaining, unsure := s.pick(point, live)
	if unsure {
		return gaveUp, nil, nil
	}
	if clause < 0 {
		return found, nil, point
	}
	proof := &Proof{Cover: clause, Branches: make([]*Proof, len(s.cover[clause]))}
	for i, f := range s.cover[clause] {
		switch s.ask(point[f.dim], f.not()) {
		case undecided:
			return gaveUp, nil, nil
		case impossible:
			continue // all of it lies inside
		case possible:
			outside := append([]*version{}, point...)
			outside[f.dim] = point[f.dim].narrow(f.not())
			out, p, solution := s.solve(outside, remaining)
			if out != covered {
				return out, nil, solution
			}
			proof.Branches[i] = p
		}
		switch s.ask(point[f.dim], f) {
		case impossible: // nothing is left inside of it, so nothing of the rest either
			return covered, proof, nil
		case undecided:
			return gaveUp, nil, nil
		}
		inside := append([]*version{}, point...)
		inside[f.dim] = point[f.dim].narrow(f)
		point = inside
	}
	return covered, proof, nil
}

// pick returns the live clause with the fewest facets that the point can still leave, -1 when none is left, and the
// others. unsure means that the budget ran out.
func (s *search) pick(point []*version, live []int) (clause int, remaining []int, unsure bool) {
	clause = -1
	best := 0
	remaining = make([]int, 0, len(live))
	for _, c := range live {
		choices, left, unsure := s.choices(point, s.cover[c])
		switch {
		case unsure:
			return 0, nil, true
		case left:
			continue
		case choices == 0:
			return c, nil, false
		}
		if clause < 0 || choices < best {
			clause, best = c, choices
		}
		remaining = append(remaining, c)
	}
	for i, c := range remaining {
		if c == clause {
			return clause, append(remaining[:i:i], remaining[i+1:]...), false
		}
	}
	return clause, remaining, false
}

// choices counts the facets that a point may lie outside of; left means that it lies outside of one for certain.
func (s *search) choices(point []*version, clause []facet) (n int, left, unsure bool) {
	for _, f := range clause {
		switch s.ask(point[f.dim], f) {
		case impossible:
			return 0, true, false
		case undecided:
			return 0, false, true
		}
	}
	for _, f := range clause {
		switch s.ask(point[f.dim], f.not()) {
		case possible:
			n++
		case undecided:
			return 0, false, true
		}
	}
	return n, false, false
}
