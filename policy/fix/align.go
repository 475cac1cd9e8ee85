package fix

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// change is what a narrowing edit did.
type change struct {
	lost  []loss
	added *iam.Statement // a Deny that the old document does not have, nil when there is none
}

// loss is an action that an Allow of the old document has and the new one has not. No action stands for all that a
// removed statement allows without naming it.
type loss struct {
	statement *iam.Statement
	action    *iam.Value
}

// align pairs the statements of both documents. Every Deny of old has to stand in new, and every Allow of new has to be
// an Allow of old, the same but for its Sid and a shorter Action list.
func align(old, new *iam.Document) (change, error) {
	var out change
	if old.Version != new.Version {
		return out, fmt.Errorf("version %q became %q", old.Version, new.Version)
	}
	if err := out.denies(old, new); err != nil {
		return out, err
	}
	return out, out.allows(old, new)
}

func (c *change) denies(old, new *iam.Document) error {
	before, after := map[string]bool{}, map[string]bool{}
	for i := range new.Statements {
		after[key(&new.Statements[i])] = true
	}
	for i := range old.Statements {
		s := &old.Statements[i]
		before[key(s)] = true
		if s.Effect != iam.Allow && !after[key(s)] {
			return fmt.Errorf("%s: a statement that denies was changed or removed", s.Value.Path())
		}
	}
	for i := range new.Statements {
		s := &new.Statements[i]
		switch {
		case s.Effect == iam.Allow || before[key(s)]:
		case s.Effect == iam.Deny:
			c.added = s
		default:
			return fmt.Errorf("%s: a statement without effect was added", s.Value.Path())
		}
	}
	return nil
}

func (c *change) allows(old, new *iam.Document) error {
	next := 0 // in old
	for i := range new.Statements {
		n := &new.Statements[i]
		if n.Effect != iam.Allow {
			continue
		}
		for ; next < len(old.Statements) && !includes(&old.Statements[next], n); next++ {
			c.remove(&old.Statements[next])
		}
		if next == len(old.Statements) {
			return fmt.Errorf("%s: no statement of the old document is proved to allow all of it", n.Value.Path())
		}
		c.shorten(&old.Statements[next], actionsOf(n))
		next++
	}
	for ; next < len(old.Statements); next++ {
		c.remove(&old.Statements[next])
	}
	return nil
}

// shorten notes the actions of an Allow that none of the kept ones includes.
func (c *change) shorten(s *iam.Statement, kept actions) {
	for _, a := range s.Action {
		if !kept.include(a.Text) {
			c.lost = append(c.lost, loss{s, a})
		}
	}
}

// remove notes all that a statement allows.
func (c *change) remove(s *iam.Statement) {
	switch {
	case s.Effect != iam.Allow:
	case s.Action == nil:
		c.lost = append(c.lost, loss{statement: s})
	default:
		c.shorten(s, actions{})
	}
}

// includes tells whether o allows all that n does, being the same but for the Sid and the Action list.
func includes(o, n *iam.Statement) bool {
	if key(o) != key(n) {
		return false
	}
	all := actionsOf(o)
	return !slices.ContainsFunc(n.Action, func(a *iam.Value) bool { return !all.include(a.Text) })
}

// actions is an Action list, ready to be asked.
type actions struct {
	named map[string]bool // in lower case, as written
	wild  []glob.Pattern
}

func actionsOf(s *iam.Statement) actions {
	out := actions{named: make(map[string]bool, len(s.Action))}
	for _, a := range s.Action {
		out.named[strings.ToLower(a.Text)] = true
		if p := glob.Compile(a.Text).Fold(); !p.IsLiteral() {
			out.wild = append(out.wild, p)
		}
	}
	return out
}

// include tells whether one pattern of the list stands for every action that a stands for.
func (l actions) include(a string) bool {
	if l.named[strings.ToLower(a)] {
		return true
	}
	inner := glob.Compile(a).Fold()
	return slices.ContainsFunc(l.wild, func(p glob.Pattern) bool { return p.Includes(inner) })
}

// key is the text of what two statements have to share: all but the Sid, and all but the Action list of an Allow.
func key(s *iam.Statement) string {
	var b strings.Builder
	for _, name := range [...]string{
		"Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition",
	} {
		v := s.Value.Member(name)
		if v == nil {
			continue
		}
		b.WriteString(name)
		if name != "Action" || s.Effect != iam.Allow {
			b.WriteString(v.Compact())
		}
	}
	return b.String()
}
