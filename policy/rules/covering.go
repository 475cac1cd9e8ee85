package rules

import (
	"net/netip"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// element is one text of a list that another one seems to cover.
type element struct {
	s    *iam.Statement
	v    *iam.Value
	what string // "action"
	by   string
}

// twice reports whether the same text covers it, which needs no proof.
func (e element) twice() bool { return e.v.Text == e.by }

// mostLooks is how many pairs, of elements or of statements, are looked at in a document.
const mostLooks = 10_000

// looks goes through lists and finds, by the look of it, what is covered by another element of the same list.
type looks struct {
	found    []element
	taken    int            // looks
	asked    int            // questions to the engine about elements
	unseen   *iam.Statement // where there were too many of either
	unneeded *iam.Statement // where there were too many questions about statements
}

func (l *looks) statement(s *iam.Statement) {
	fold := func(v *iam.Value) glob.Pattern { return glob.Compile(v.Text).Fold() }
	plain := func(v *iam.Value) glob.Pattern { return glob.Compile(v.Text) }
	l.list(s, "action", s.Action, includes(fold))
	l.list(s, "action", s.NotAction, includes(fold))
	l.list(s, "resource", s.Resource, includes(plain))
	l.list(s, "resource", s.NotResource, includes(plain))
	if s.Principal != nil {
		types := map[*iam.Value]string{}
		var ids []*iam.Value
		for _, e := range s.Principal.Entries {
			ids = append(ids, e.ID)
			types[e.ID] = e.Type
		}
		l.list(s, "principal", ids, func(a, b *iam.Value) bool { return types[a] == types[b] && sameText(a, b) })
	}
	for _, c := range s.Condition {
		op, _ := iam.ParseOperator(c.Operator)
		how := sameText
		switch op.Comparison {
		case iam.StringLike, iam.ARNEquals, iam.ARNLike:
			how = includes(plain)
		case iam.StringEqualsIgnoreCase:
			how = func(a, b *iam.Value) bool { return strings.EqualFold(a.Text, b.Text) }
		case iam.IPAddress:
			how = containsRange
		}
		l.list(s, "value", c.Values, how)
	}
}

// list looks at every pair of a list. Of two that cover each other the first one stays.
func (l *looks) list(s *iam.Statement, what string, values []*iam.Value, covers func(a, b *iam.Value) bool) {
	for i, v := range values {
		for j, by := range values {
			if i == j {
				continue
			}
			if l.taken++; l.taken > mostLooks {
				if l.unseen == nil {
					l.unseen = s
				}
				return
			}
			if covers(by, v) && (j < i || !covers(v, by)) {
				l.found = append(l.found, element{s, v, what, by.Text})
				break
			}
		}
	}
}

func sameText(a, b *iam.Value) bool { return a.Text == b.Text }

// includes reports whether one pattern matches all that another does. Policy variables are left alone.
func includes(compile func(*iam.Value) glob.Pattern) func(a, b *iam.Value) bool {
	return func(a, b *iam.Value) bool {
		if !strings.ContainsAny(a.Text, "*?") { // as most do not
			return strings.EqualFold(a.Text, b.Text) && compile(a).Text() == compile(b).Text()
		}
		return !strings.Contains(a.Text+b.Text, "$") && compile(a).Includes(compile(b))
	}
}

func containsRange(a, b *iam.Value) bool {
	p, err := netip.ParsePrefix(a.Text)
	q, err2 := netip.ParsePrefix(b.Text)
	if err != nil || err2 != nil {
		return sameText(a, b)
	}
	return p.Bits() <= q.Bits() && p.Contains(q.Addr())
}
