package space

import (
	"slices"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// NewAccess asks for a request that new allows and old does not; what the ignored documents allow does not count.
//
// An Allow of new has to lie inside new's Denies, what is ignored and old's Allows; and what old denies has to be denied
// by new still, where new allows it.
func NewAccess(old, new *iam.Document, budget Budget, ignored ...*iam.Document) Verdict {
	b := budget.open()
	defer b.close()
	q := question{
		budget: b,
		confirm: func(r authz.Request) authz.Match {
			sure := certainty(isAllowed(new, r, true).and(isAllowed(old, r, false)))
			return sure.andIgnored(r, ignored)
		},
	}
	if v, found := withoutEffect(old, new, b); found {
		return v
	}
	return eachEscape(escapes(newLooks(b), new, ignored), func(e escape) Verdict {
		v := q.added(old, new, e)
		if v.Answer == Found {
			return v
		}
		w := q.released(old, new, e)
		if w.Answer == Found || v.Answer == None {
			w.Proofs = append(v.Proofs, w.Proofs...)
			return w
		}
		return v
	})
}

// added asks for a request that an Allow of new matches, and none of old.
func (q question) added(old, new *iam.Document, e escape) Verdict {
	looks := newLooks(q.budget)
	asked := e.outside(looks, new, looks.outside(new, looks.unlike(new, old, iam.Allow), new, iam.Deny))
	if len(asked) == 0 {
		return Verdict{Answer: None}
	}
	before, after := looks.touching(old, asked), looks.touching(new, asked)
	q.docs = append(e.docs(), before, after)
	q.build = func(u *universe) (boxes, cover []box) {
		return e.boxes(u, u.boxesOf(new, asked)), slices.Concat(
			u.statements(after, iam.Deny), u.axioms, u.allowed(e.unallowed), u.statements(before, iam.Allow))
	}
	return q.ask()
}

// released asks for a request that a Deny of old matches, and none of new, and that new allows.
func (q question) released(old, new *iam.Document, e escape) Verdict {
	looks := newLooks(q.budget)
	gone := looks.unlike(old, new, iam.Deny)
	if len(gone) == 0 {
		return Verdict{Answer: None}
	}
	before, after := extract{old, gone}, looks.touching(new, gone)
	q.docs = append(e.docs(), before, after)
	q.build = func(u *universe) (boxes, cover []box) {
		return e.boxes(u, meets(u.statements(after, iam.Allow), u.boxesOf(old, gone))), slices.Concat(
			u.statements(after, iam.Deny), u.axioms, u.allowed(e.unallowed))
	}
	return q.ask()
}

// Undenied asks for a request that old denies and new does not, whether or not either allows it: policies of identities
// can allow it as well.
func Undenied(old, new *iam.Document, budget Budget) Verdict {
	b := budget.open()
	defer b.close()
	if v, found := withoutEffect(old, new, b); found {
		return v
	}
	looks := newLooks(b)
	gone := looks.unlike(old, new, iam.Deny)
	if len(gone) == 0 {
		return Verdict{Answer: None}
	}
	after := looks.touching(new, gone)
	q := question{
		docs: []extract{{old, gone}, after}, budget: b,
		confirm: func(r authz.Request) authz.Match {
			return certainty(denies(old, r, true)).and(denies(new, r, false))
		},
		build: func(u *universe) (boxes, cover []box) {
			return u.boxesOf(old, gone), append(u.statements(after, iam.Deny), u.axioms...)
		},
	}
	return q.ask()
}

// denies reports whether a document denies a request (want), or does not (not want), for certain.
func denies(doc *iam.Document, r authz.Request, want bool) certainty {
	switch authz.Decide(doc, r).Decision {
	case authz.ExplicitDeny:
		return certainty(yesIf(want))
	case authz.Undecided:
		return certainty(authz.Maybe)
	}
	return certainty(yesIf(!want))
}

// unlike returns the statements of one effect that are not, to the letter or by saying less, inside one of the other
// document. Nearly all that an edit leaves alone, or makes narrower, ends here and costs no search.
func (l *looks) unlike(doc, other *iam.Document, effect iam.Effect) []*iam.Statement {
	letters := map[string]bool{}
	for _, s := range whole(other).of(effect) {
		letters[s.Text()] = true
	}
	alike := sameLanguage(doc, other)
	return l.outside(doc, slices.DeleteFunc(whole(doc).of(effect), func(s *iam.Statement) bool {
		return alike && letters[s.Text()]
	}), other, effect)
}

// sameLanguage reports whether the same text means the same in both documents. Their Versions differ in variables alone, which
// an escape may hide.
func sameLanguage(a, b *iam.Document) bool {
	plain := func(d *iam.Document) bool {
		return !d.Mentions("${") && !d.Mentions(`\u`)
	}
	return a.HasVariables() == b.HasVariables() || plain(a) && plain(b)
}

// outside drops the statements that lie, by saying less, inside one statement of the other document.
func (l *looks) outside(doc *iam.Document, statements []*iam.Statement, other *iam.Document, effect iam.Effect) []*iam.Statement {
	if len(statements) == 0 || !sameLanguage(doc, other) {
		return statements
	}
	others := whole(other).of(effect)
	return slices.DeleteFunc(statements, func(s *iam.Statement) bool {
		return slices.ContainsFunc(others, func(t *iam.Statement) bool {
			l.budget.glance(1)
			return !l.budget.over() && l.inside(s, t) && !l.budget.over()
		})
	})
}

// allowed returns the boxes of what documents allow.
func (u *universe) allowed(docs []*iam.Document) []box {
	var out []box
	for _, d := range docs {
		out = append(out, u.statements(whole(d), iam.Allow)...)
	}
	return out
}

// meets returns the intersections of boxes of allow with those of deny.
func meets(allow, deny []box) []box {
	var out []box
	for _, a := range allow {
		for _, d := range deny {
			d := d
			d.also = a.also
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

// isAllowed reports whether a document allows a request (want), or does not (not want), for certain.
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

// Granted asks for a request that doc allows and forbidden does too: whether anything is granted that must never be.
// What the accepted documents allow does not count.
func Granted(doc, forbidden *iam.Document, budget Budget, accepted ...*iam.Document) Verdict {
	b := budget.open()
	defer b.close()
	if v, found := withoutEffect(doc, forbidden, b); found {
		return v
	}
	return eachEscape(escapes(newLooks(b), doc, accepted), func(e escape) Verdict {
		q := question{
			docs: append(e.docs(), whole(doc), whole(forbidden)), budget: b,
			confirm: func(r authz.Request) authz.Match {
				return certainty(isAllowed(doc, r, true).and(isAllowed(forbidden, r, true))).andIgnored(r, accepted)
			},
			build: func(u *universe) (boxes, cover []box) {
				allowed := meets(u.boxesOf(doc, e.outside(newLooks(b), doc, whole(doc).of(iam.Allow))), u.statements(whole(forbidden), iam.Allow))
				return e.boxes(u, allowed), slices.Concat(
					u.statements(whole(doc), iam.Deny), u.statements(whole(forbidden), iam.Deny), u.axioms, u.allowed(e.unallowed))
			},
		}
		return q.ask()
	})
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
// take all of the budget that one question may.
func Compare(old, new *iam.Document, budget Budget, ignored ...*iam.Document) Comparison {
	return Comparison{NewAccess(old, new, budget, ignored...), NewAccess(new, old, budget, ignored...)}
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
