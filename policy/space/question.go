package space

import (
	"cmp"
	"slices"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// question is: a request inside one of the boxes and outside all of the cover, of the callers that count.
type question struct {
	docs    []extract
	build   func(*universe) (boxes, cover []box)
	u       *universe
	boxes   []box
	cover   []box
	among   Callers                         // Everyone when nothing is said
	confirm func(authz.Request) authz.Match // the plain evaluator's word on a witness
	budget  *budget
}

func (q question) ask() Verdict {
	if !q.budget.over() {
		q.u = newUniverse(q.docs, nil, q.budget)
	}
	if !q.budget.over() && !q.u.huge {
		q.boxes, q.cover = q.build(q.u)
		q.cover = append(q.cover, q.u.couplings()...)
	}
	switch {
	case q.u != nil && q.u.huge:
		return Verdict{Reason: tooMany}
	case q.budget.over():
		return Verdict{Reason: stopped}
	}
	return q.each()
}

// withoutEffect returns the answer about two documents that differ in what statements without Effect make of them: what
// such a statement does is open. It is the same in both where both have it to the letter, read variables alike, and all
// that is denied still is.
func withoutEffect(doc, other *iam.Document, budget *budget) (v Verdict, found bool) {
	before, after := whole(doc).of(""), whole(other).of("")
	if len(before)+len(after) == 0 {
		return Verdict{}, false
	}
	letters := func(statements []*iam.Statement) (out []string) {
		for _, s := range statements {
			out = append(out, s.Value.Compact())
		}
		slices.Sort(out)
		return out
	}
	if slices.Equal(letters(before), letters(after)) && sameLanguage(doc, other) &&
		len(newLooks(budget).unlike(doc, other, iam.Deny)) == 0 && len(newLooks(budget).unlike(other, doc, iam.Deny)) == 0 {
		return Verdict{}, false
	}
	first := slices.Concat(before, after)[0]
	return Verdict{At: first.Value.Path(), Reason: "the statement has no Effect"}, true
}

func (q question) each() Verdict {
	out := Verdict{Answer: None}
	asked := map[string]bool{}
	for _, k := range q.order() {
		within, ok := q.u.among(cmp.Or(q.among, Everyone), k)
		if !ok {
			continue
		}
		view := view{question: q, kind: k, within: within}
		for _, b := range q.boxes {
			for _, facets := range q.u.callers(k, b) {
				if q.budget.over() {
					return out.or(unsure(b, stopped))
				}
				if view.seen(asked, facets) {
					continue
				}
				v := view.ask(b, facets)
				switch v.Answer {
				case Found:
					return v
				case Undecided:
					out = out.or(v)
				case None:
					out.Proofs = append(out.Proofs, v.Proofs...)
				}
			}
		}
	}
	if q.u.huge {
		return Verdict{Reason: tooMany}
	}
	return out
}

// order returns the kinds of callers in the order in which they are asked about. Identity policies belong to roles and
// users: a witness is first sought among these.
func (q question) order() []kind {
	if q.u.only != nil {
		return []kind{q.u.only.kind}
	}
	if slices.ContainsFunc(q.u.docs, func(d extract) bool { return !d.IsIdentityPolicy() }) {
		return []kind{anonymousCaller, roleCaller, userCaller, serviceCaller, federatedCaller, rootCaller}
	}
	return []kind{roleCaller, userCaller, federatedCaller, rootCaller, serviceCaller, anonymousCaller}
}

// statements returns the boxes of all statements of one effect.
func (u *universe) statements(doc extract, effect iam.Effect) []box {
	return u.boxesOf(doc.Document, doc.of(effect))
}

func (u *universe) boxesOf(doc *iam.Document, statements []*iam.Statement) []box {
	var out []box
	for _, s := range statements {
		out = append(out, u.boxes(doc, s)...)
	}
	return out
}
