package space

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// inside tells that all that s matches is matched by t too, because each element of s says the same or less. The two
// documents have to read `${` alike. False means nothing.
func inside(s, t *iam.Statement) bool {
	return principalInside(s, t) && conditionsInside(s, t) &&
		(listInside(s.Action, t.Action, s.NotAction, t.NotAction, actionInside) || actionsSpared(s, t)) &&
		listInside(s.Resource, t.Resource, s.NotResource, t.NotResource, resourceInside)
}

func principalInside(s, t *iam.Statement) bool {
	switch {
	case t.Principal != nil && t.NotPrincipal == nil && t.Principal.Any:
		return s.Principal != nil || s.NotPrincipal != nil
	case s.Principal == nil || t.Principal == nil || s.NotPrincipal != nil || t.NotPrincipal != nil:
		return s.Principal == nil && t.Principal == nil && same(s.NotPrincipal, t.NotPrincipal)
	case s.Principal.Any:
		return false
	}
	return !slices.ContainsFunc(s.Principal.Entries, func(e iam.PrincipalEntry) bool {
		return !slices.ContainsFunc(t.Principal.Entries, func(f iam.PrincipalEntry) bool {
			return e.Type == f.Type && e.ID.Text == f.ID.Text
		})
	})
}

func same(p, q *iam.Principal) bool {
	if p == nil || q == nil {
		return p == q
	}
	return p.Value.Compact() == q.Value.Compact()
}

// listInside compares an element in its plain form, or as what it leaves out: less is left out of more.
func listInside(s, t, notS, notT []*iam.Value, within func(s, t *iam.Value) bool) bool {
	if notS != nil || notT != nil {
		return s == nil && t == nil && notS != nil && notT != nil && everyInside(notT, notS, within)
	}
	return s != nil && t != nil && everyInside(s, t, within)
}

func everyInside(s, t []*iam.Value, within func(s, t *iam.Value) bool) bool {
	return !slices.ContainsFunc(s, func(v *iam.Value) bool {
		return !slices.ContainsFunc(t, func(w *iam.Value) bool { return within(v, w) })
	})
}

// actionsSpared tells that none of s's actions is one that t leaves out.
func actionsSpared(s, t *iam.Statement) bool {
	if s.Action == nil || s.NotAction != nil || t.Action != nil || t.NotAction == nil {
		return false
	}
	mine, more := actionPoints(s.Action)
	not, others := actionPoints(t.NotAction)
	return !mine.meets(not) && !(more && others)
}

func actionInside(s, t *iam.Value) bool {
	return strings.EqualFold(s.Text, t.Text) ||
		strings.ContainsAny(t.Text, "*?") && glob.Compile(t.Text).Fold().Includes(glob.Compile(s.Text).Fold())
}

// resourceInside compares patterns whose wildcards stand in the last component, where it does not matter whether they
// match colons.
func resourceInside(s, t *iam.Value) bool {
	if s.Text == t.Text || t.Text == "*" {
		return true
	}
	p := glob.Compile(t.Text)
	return strings.ContainsAny(t.Text, "*?") && !strings.Contains(s.Text+t.Text, "${") && strings.Count(p.Prefix(), ":") >= 5 &&
		p.Includes(glob.Compile(s.Text))
}

func conditionsInside(s, t *iam.Statement) bool {
	for _, c := range t.Condition {
		if !slices.ContainsFunc(s.Condition, func(d iam.Condition) bool { return conditionInside(d, c) }) {
			return false
		}
	}
	return true
}

// conditionInside tells that c implies d: the same, or fewer values of which one has to match, or more of which none may.
func conditionInside(c, d iam.Condition) bool {
	if c.Operator != d.Operator || !strings.EqualFold(c.Key, d.Key) {
		return false
	}
	op, ok := iam.ParseOperator(c.Operator)
	if !ok || !isText(op.Comparison) && op.Comparison != iam.IPAddress || len(c.Values) == 0 || len(d.Values) == 0 {
		return c.Value.Compact() == d.Value.Compact()
	}
	if op.Negated {
		c, d = d, c
	}
	return everyInside(c.Values, d.Values, func(v, w *iam.Value) bool { return v.Kind == w.Kind && v.Text == w.Text })
}
