package space

import (
	"slices"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// Budgets, in steps of the search. Past them an answer is Undecided.
const (
	AdmissionBudget = 20_000
	CommandBudget   = 5_000_000
)

// NewAccess asks for a request that new allows and old does not; what the ignored documents allow does not count.
//
// An Allow of new has to lie inside new's Denies, what is ignored and old's Allows; and what old denies has to be denied
// by new still, where new allows it.
func NewAccess(old, new *iam.Document, steps int, ignored ...*iam.Document) Verdict {
	q := question{
		docs: append([]*iam.Document{old, new}, ignored...), budget: &budget{steps},
		confirm: func(r authz.Request) authz.Match {
			sure := certainty(isAllowed(new, r, true).and(isAllowed(old, r, false)))
			return sure.andIgnored(r, ignored)
		},
	}
	base := func(u *universe) []box {
		return slices.Concat(u.statements(new, iam.Deny), u.axioms, u.allowed(ignored))
	}
	q.build = func(u *universe) (boxes, cover []box) {
		return u.boxesOf(new, unlike(new, old, iam.Allow)), append(base(u), u.statements(old, iam.Allow)...)
	}
	v := Verdict{Answer: None}
	if len(unlike(new, old, iam.Allow)) > 0 {
		v = q.ask()
	}
	gone := unlike(old, new, iam.Deny)
	if v.Answer == Found || len(gone) == 0 {
		return v
	}
	q.build = func(u *universe) (boxes, cover []box) {
		return meets(u.statements(new, iam.Allow), u.boxesOf(old, gone)), base(u)
	}
	w := q.ask()
	switch {
	case w.Answer == Found:
		return w
	case v.Answer == Undecided:
		return v
	case w.Answer == Undecided:
		return w
	}
	v.Proofs = append(v.Proofs, w.Proofs...)
	return v
}

// unlike returns the statements of one effect that the other document does not have to the letter. Nearly all that an
// edit leaves alone end here: each covers itself.
func unlike(doc, other *iam.Document, effect iam.Effect) []*iam.Statement {
	same := map[string]bool{}
	if doc.HasVariables() == other.HasVariables() {
		for i := range other.Statements {
			same[other.Statements[i].Value.Compact()] = true
		}
	}
	var out []*iam.Statement
	for i := range doc.Statements {
		if s := &doc.Statements[i]; s.Effect == effect && !same[s.Value.Compact()] {
			out = append(out, s)
		}
	}
	return out
}

// allowed returns the boxes of what documents allow.
func (u *universe) allowed(docs []*iam.Document) []box {
	var out []box
	for _, d := range docs {
		out = append(out, u.statements(d, iam.Allow)...)
	}
	return out
}

// meets returns the intersections of boxes of allow with those of deny.
func meets(allow, deny []box) []box {
	var out []box
	for _, a := range allow {
		for _, d := range deny {
			out = append(out, box{doc: a.doc, statement: a.statement, facets: slices.Concat(a.facets, d.facets), also: &d})
		}
	}
	return out
}

type certainty authz.Match

func (c certainty) and(d certainty) authz.Match { return authz.Match(min(c, d)) }

// andIgnored is less sure of a request that an ignored document may allow.
func (c certainty) andIgnored(r authz.Request, ignored []*iam.Document) authz.Match {
	for _, d := range ignored {
		c = certainty(c.and(isAllowed(d, r, false)))
	}
	return authz.Match(c)
}

// isAllowed tells whether a document allows a request (want), or does not (not want), for certain.
func isAllowed(doc *iam.Document, r authz.Request, want bool) certainty {
	result := authz.Decide(doc, r)
	switch {
	case result.Decision == authz.Allowed:
		return certainty(yesIf(want))
	case result.NotAllowed:
		return certainty(yesIf(!want))
	}
	return certainty(authz.Maybe)
}

func yesIf(b bool) authz.Match {
	if b {
		return authz.Yes
	}
	return authz.No
}

// Relation is how a new document relates to an old one.
type Relation string

// The relations.
const (
	Equivalent   Relation = "equivalent"
	Narrower     Relation = "narrower" // new allows less
	Wider        Relation = "wider"
	Incomparable Relation = "incomparable"
	Unknown      Relation = "undecided"
)

// Comparison is what changes between two documents.
type Comparison struct{ New, Lost Verdict }

// Compare asks for new access and for lost access; what the ignored documents allow does not count. Each question may
// take all the steps.
func Compare(old, new *iam.Document, steps int, ignored ...*iam.Document) Comparison {
	return Comparison{NewAccess(old, new, steps, ignored...), NewAccess(new, old, steps, ignored...)}
}

// Relation sums a comparison up.
func (c Comparison) Relation() Relation {
	switch {
	case c.New.Answer == Undecided || c.Lost.Answer == Undecided:
		return Unknown
	case c.New.Answer == None && c.Lost.Answer == None:
		return Equivalent
	case c.New.Answer == None:
		return Narrower
	case c.Lost.Answer == None:
		return Wider
	}
	return Incomparable
}
