package space

import (
	"fmt"
	"slices"

	"github.com/bucketwarden/bucketwarden/policy/glob"
)

// Check walks through a proof again, without the search that found it and without its shortcuts: every part of the box
// that the tree splits off has to be empty, or proved in turn. The error names the first step that does not hold.
// A proof that cannot be checked within the budget is an error as well.
func (c Certificate) Check(budget Budget) error {
	b := budget.open()
	defer b.close()
	return c.check(b)
}

// CheckAll checks several proofs within one bound. The error names the statement of the first that does not hold.
func CheckAll(certificates []Certificate, budget Budget) error {
	b := budget.open()
	defer b.close()
	for _, c := range certificates {
		if err := c.check(b); err != nil {
			return fmt.Errorf("%s: the proof is not confirmed: %w", c.Subject, err)
		}
	}
	return nil
}

func (c Certificate) check(b *budget) error {
	k := checker{cover: c.cover, starts: c.starts, budget: b}
	if c.Proof == nil { // the box itself is said to be empty
		return k.empty(c.box)
	}
	return k.walk(c.Proof, c.box, 0)
}

type checker struct {
	cover  [][]facet
	starts []domain
	budget *budget
}

func (k *checker) walk(p *Proof, facets []facet, depth int) error {
	if p.Cover < 0 || p.Cover >= len(k.cover) || len(p.Branches) != len(k.cover[p.Cover]) {
		return fmt.Errorf("step %d: there is no such covering box", depth)
	}
	inside := slices.Clip(facets)
	for i, f := range k.cover[p.Cover] {
		part := append(slices.Clip(inside), f.not())
		if branch := p.Branches[i]; branch != nil {
			if err := k.walk(branch, part, depth+1); err != nil {
				return err
			}
		} else if err := k.empty(part); err != nil {
			return fmt.Errorf("step %d, facet %d of box %d: %w", depth, i, p.Cover, err)
		}
		inside = append(inside, f)
	}
	return nil // what is inside all facets is inside the covering box
}

// empty returns nil when no point has all the facets: in some dimension nothing is left.
func (k *checker) empty(facets []facet) error {
	var asked []int
	for i := len(facets) - 1; i >= 0; i-- { // the newest facet is the likeliest to leave nothing
		if d := facets[i].dim; !slices.Contains(asked, d) {
			asked = append(asked, d)
			if k.emptyIn(d, facets) {
				return nil
			}
		}
	}
	if k.budget.over() {
		return fmt.Errorf("not checked within the bound")
	}
	return fmt.Errorf("a part that should be empty is not")
}

// emptyIn reports whether the facets leave nothing of one dimension.
func (k *checker) emptyIn(dim int, facets []facet) bool {
	d := k.starts[dim]
	for _, f := range facets {
		if f.dim == dim {
			d = d.narrow(f)
		}
	}
	switch d := d.(type) {
	case text:
		return !d.absent && (!d.present || k.none(d.region))
	case finite:
		return !d.absent && !slices.ContainsFunc(d.left, func(w uint64) bool { return w != 0 })
	case action:
		return !slices.ContainsFunc(d.known, func(w uint64) bool { return w != 0 }) && (!d.open || k.none(d.other))
	case many:
		if d.absent || !d.present {
			return !d.absent
		}
		for _, p := range d.some {
			if k.none(d.all.narrow(p.langs, p.out)) {
				return true
			}
		}
		return len(d.some) == 0 && k.none(d.all)
	}
	return false
}

// none reports whether a region has no string: by derivatives of plain patterns, state by state.
func (k *checker) none(r region) bool { return k.noneOf(nil, r.ins, r.outs) }

func (k *checker) noneOf(chosen []glob.Language, ins [][]glob.Language, outs []glob.Language) bool {
	if len(ins) == 0 {
		return glob.Empty(chosen, outs, &k.budget.left)
	}
	for _, l := range ins[0] {
		if k.budget.over() || !k.noneOf(append(slices.Clip(chosen), l), ins[1:], outs) {
			return false
		}
	}
	return true
}
