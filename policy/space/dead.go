package space

import (
	"slices"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// Decides asks for a request that statement i of doc has a say in: None means that it grants or denies nothing, being
// unsatisfiable or shadowed by a Deny.
func Decides(doc *iam.Document, i int, budget Budget) Verdict {
	return decides(doc, i, budget, false)
}

// Needed asks for a request whose answer would be another without statement i: None means that the statement is
// redundant.
func Needed(doc *iam.Document, i int, budget Budget) Verdict {
	return decides(doc, i, budget, true)
}

func decides(doc *iam.Document, i int, budget Budget, alone bool) Verdict {
	b := budget.open()
	defer b.close()
	s := &doc.Statements[i]
	asked := []*iam.Statement{s}
	near := newLooks(b).touching(doc, asked)
	q := question{docs: []extract{near}, budget: b}
	q.build = func(u *universe) (boxes, cover []box) {
		cover = u.axioms
		if s.Effect == iam.Allow {
			cover = slices.Concat(cover, u.statements(near, iam.Deny))
		}
		if alone {
			others := slices.DeleteFunc(near.of(s.Effect), func(t *iam.Statement) bool { return t == s })
			cover = slices.Concat(cover, u.boxesOf(doc, others))
		}
		return u.boxes(doc, s), cover
	}
	want := authz.Allowed
	if s.Effect == iam.Deny {
		want = authz.ExplicitDeny
	}
	q.confirm = func(r authz.Request) authz.Match {
		result := authz.Decide(doc, r)
		switch {
		case result.Decision != want:
			return authz.Maybe
		case alone && len(result.Statements) > 1:
			return authz.No
		}
		return yesIf(slices.Contains(result.Statements, i))
	}
	return q.ask()
}
