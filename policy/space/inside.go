package space

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// inside tells that all that s matches is matched by t too, because each element of s says the same or less. The two
// documents have to read `${` alike. False means nothing.
func (l *looks) inside(s, t *iam.Statement) bool {
	return l.principalInside(s, t) && l.conditionsInside(s, t) &&
		(l.listInside(s.Action, t.Action, s.NotAction, t.NotAction, l.actionInside) || l.actionsSpared(s, t)) &&
		l.listInside(s.Resource, t.Resource, s.NotResource, t.NotResource, l.resourceInside)
}

func (l *looks) principalInside(s, t *iam.Statement) bool {
	switch {
	case t.Principal != nil && t.NotPrincipal == nil && t.Principal.Any:
		return s.Principal != nil || s.NotPrincipal != nil
	case s.Principal == nil || t.Principal == nil || s.NotPrincipal != nil || t.NotPrincipal != nil:
		return s.Principal == nil && t.Principal == nil && same(s.NotPrincipal, t.NotPrincipal)
	case s.Principal.Any:
		return false
	}
	return !slices.ContainsFunc(s.Principal.Entries, func(e iam.PrincipalEntry) bool {
		l.budget.glance(len(t.Principal.Entries))
		return l.budget.over() || !slices.ContainsFunc(t.Principal.Entries, func(f iam.PrincipalEntry) bool {
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
func (l *looks) listInside(s, t, notS, notT []*iam.Value, within func(s, t *iam.Value) bool) bool {
	if notS != nil || notT != nil {
		return s == nil && t == nil && notS != nil && notT != nil && l.everyInside(notT, notS, within)
	}
	return s != nil && t != nil && l.everyInside(s, t, within)
}

// everyInside reports whether each value of s lies within one of t. It goes on where it has found the one before: lists mostly
// are in the same order.
func (l *looks) everyInside(s, t []*iam.Value, within func(s, t *iam.Value) bool) bool {
	next := 0
	for _, v := range s {
		found := false
		for i := 0; i < len(t) && !found; i++ {
			l.budget.glance(1)
			if found = within(v, t[(next+i)%len(t)]); found {
				next = (next + i + 1) % len(t)
			}
		}
		if !found || l.budget.over() {
			return false
		}
	}
	return true
}

func (l *looks) actionsSpared(s, t *iam.Statement) bool {
	if s.Action == nil || s.NotAction != nil || t.Action != nil || t.NotAction == nil {
		return false
	}
	mine, theirs := l.of(s), l.of(t)
	l.look(mine)
	l.look(theirs)
	return !mine.actions.leaves(theirs.actions) && !(mine.patterns && theirs.patterns)
}

func (l *looks) actionInside(s, t *iam.Value) bool {
	return strings.EqualFold(s.Text, t.Text) ||
		strings.ContainsAny(t.Text, "*?") && l.includes() && glob.Compile(t.Text).Fold().Includes(glob.Compile(s.Text).Fold())
}

// resourceInside compares patterns whose wildcards stand in the last component, where it does not matter whether they
// match colons.
func (l *looks) resourceInside(s, t *iam.Value) bool {
	if s.Text == t.Text || t.Text == "*" {
		return true
	}
	if !strings.ContainsAny(t.Text, "*?") || strings.Contains(s.Text, "${") || strings.Contains(t.Text, "${") || !l.includes() {
		return false
	}
	p := glob.Compile(t.Text)
	return strings.Count(p.Prefix(), ":") >= 5 && p.Includes(glob.Compile(s.Text))
}

// includes takes what it costs to ask whether one pattern includes another.
func (l *looks) includes() bool { return l.budget.take(costOfInclusion) }

const costOfInclusion = 4

func (l *looks) conditionsInside(s, t *iam.Statement) bool {
	for _, c := range t.Condition {
		l.budget.glance(len(s.Condition))
		if !slices.ContainsFunc(s.Condition, func(d iam.Condition) bool { return l.conditionInside(d, c) }) {
			return false
		}
	}
	return true
}

// conditionInside tells that c implies d: the same, or fewer values of which one has to match, or more of which none may.
func (l *looks) conditionInside(c, d iam.Condition) bool {
	if c.Operator != d.Operator || !strings.EqualFold(c.Key, d.Key) {
		return false
	}
	op, ok := iam.ParseOperator(c.Operator)
	if !ok || !op.Comparison.Textual() && op.Comparison != iam.IPAddress || len(c.Values) == 0 || len(d.Values) == 0 {
		return c.Value.Compact() == d.Value.Compact()
	}
	if op.Negated {
		c, d = d, c
	}
	return l.everyInside(c.Values, d.Values, func(v, w *iam.Value) bool { return v.Kind == w.Kind && v.Text == w.Text })
}
