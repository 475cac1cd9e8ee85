package space

import (
	"encoding/binary"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/authz"
)

// view is a question as callers of one kind see it.
type view struct {
	question
	kind    kind
	within  []facet // what else is asked of the caller
	cover   [][]facet
	axiom   []bool // of each of cover
	key     string // of what the callers see: equal keys, equal answers
	search  *search
	domains []domain
	starts  []*version
	tried   bool // every variable has been given a value
}

// seen reports whether the same has been asked for another kind of callers, whom nothing tells apart from this one.
func (v *view) seen(asked map[string]bool, facets []facet) bool {
	v.look()
	var key strings.Builder
	key.WriteString(v.key)
	if slices.ContainsFunc(facets, v.u.tellsApart) {
		key.WriteByte(byte(v.kind))
	}
	v.u.name(&key, facets)
	before := asked[key.String()]
	asked[key.String()] = true
	return before
}

// look works out the cover once.
func (v *view) look() {
	if v.search != nil {
		return
	}
	var key strings.Builder
	apart := false
	v.budget.left -= len(v.question.cover)
	for _, c := range v.question.cover {
		for _, facets := range v.u.callers(v.kind, c) {
			v.cover, v.axiom = append(v.cover, facets), append(v.axiom, c.statement == nil)
			v.u.name(&key, facets)
			apart = apart || slices.ContainsFunc(facets, v.u.tellsApart)
		}
	}
	for _, d := range v.u.dims[firstKey:] {
		values, constant := constants[v.kind].Lookup(d.key)
		if d.key != "" && (constant || v.kind.lacks(strings.ToLower(d.key))) {
			key.WriteString(d.key + "=" + strings.Join(values, ",") + ",")
		}
	}
	if apart {
		key.WriteByte(byte(v.kind))
	}
	if !v.kind.signed() {
		key.WriteByte(byte(kinds + v.kind))
	}
	key.WriteByte(0)
	v.key = key.String()
	v.search = &search{cover: v.cover, budget: v.budget}
}

// tellsApart reports whether a facet tells kinds of signed callers apart: also what is open, as variables have other values.
func (u *universe) tellsApart(f facet) bool {
	return f.dim >= dimCaller && f.dim < firstKey && !f.set.ofAccount || u.dims[f.dim].opaque
}

// name writes what tells one box from others.
func (u *universe) name(b *strings.Builder, facets []facet) {
	name := binary.AppendVarint(nil, int64(len(facets)))
	for _, f := range facets {
		n, ok := u.numbers[f.set]
		if !ok {
			n = len(u.numbers)
			u.numbers[f.set] = n
		}
		n *= 2
		if f.out {
			n++
		}
		name = binary.AppendVarint(binary.AppendVarint(name, int64(f.dim)), int64(n))
	}
	b.Write(name)
}

// ask asks about one box.
func (v *view) ask(b box, facets []facet) Verdict {
	if len(v.starts) != len(v.u.dims) { // a predicate may have been added since
		v.domains, v.starts = v.u.starts(v.kind, v.within), nil
		for _, d := range v.domains {
			v.starts = append(v.starts, &version{domain: d})
		}
	}
	out, proof, point := v.search.uncovered(v.starts, facets)
	if out == covered {
		return Verdict{Answer: None, Proofs: []Certificate{{
			starts: v.domains, box: facets, cover: v.cover, Proof: proof, Subject: subject(b),
		}}}
	}
	var w authz.Request
	shown := false
	if out == found {
		w, shown = v.witness(point)
	}
	if !shown {
		return unsure(b, stopped)
	}
	if v.confirmed(w) {
		return Verdict{Answer: Found, Witness: &w}
	}
	if found := v.surely(facets); found.Answer == Found {
		return found
	}
	if !v.tried {
		v.tried = true
		if found := v.concretely(w); found.Answer == Found {
			return found
		}
	}
	return unsure(b, openByAWS)
}

// confirmed asks the plain evaluator.
func (v *view) confirmed(w authz.Request) bool {
	v.budget.left -= costOfWitness * (len(v.boxes) + len(v.question.cover))
	return v.confirm(w) == authz.Yes
}

// surely asks again for a request that is found whatever the open answers are: what may cover it does. A box that itself
// hangs on one has none.
func (v *view) surely(facets []facet) Verdict {
	opaque := func(f facet) bool { return v.u.dims[f.dim].opaque }
	if slices.ContainsFunc(facets, opaque) || !slices.ContainsFunc(v.cover, func(c []facet) bool { return slices.ContainsFunc(c, opaque) }) {
		return Verdict{}
	}
	strict := &search{budget: v.budget}
	for i, c := range v.cover {
		if !v.axiom[i] || !slices.ContainsFunc(c, opaque) {
			strict.cover = append(strict.cover, slices.DeleteFunc(slices.Clone(c), opaque))
		}
	}
	out, _, point := strict.uncovered(v.starts, facets)
	if out != found {
		return Verdict{}
	}
	if w, ok := v.witness(point); ok && v.confirmed(w) {
		return Verdict{Answer: Found, Witness: &w}
	}
	return Verdict{}
}
