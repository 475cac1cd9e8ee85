package space

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// extract is a document and those of its statements that a question is about. The others cannot match any request that
// the asked statements match, so that leaving them out changes no answer and most of the work.
type extract struct {
	*iam.Document
	statements []*iam.Statement
}

// whole is a document with all its statements.
func whole(doc *iam.Document) extract {
	p := extract{Document: doc}
	for i := range doc.Statements {
		p.statements = append(p.statements, &doc.Statements[i])
	}
	return p
}

func wholes(docs []*iam.Document) []extract {
	var out []extract
	for _, d := range docs {
		out = append(out, whole(d))
	}
	return out
}

// of returns the statements of one effect.
func (p extract) of(effect iam.Effect) []*iam.Statement {
	return slices.Collect(func(yield func(*iam.Statement) bool) {
		for _, s := range p.statements {
			if s.Effect == effect && !yield(s) {
				return
			}
		}
	})
}

// looks are what can be told of statements at a glance, made once each, as far as the budget goes.
type looks struct {
	made   map[*iam.Statement]*outline
	budget *budget
}

func newLooks(b *budget) *looks { return &looks{map[*iam.Statement]*outline{}, b} }

// outline is a bound on what a statement matches. What the principals settle needs no more of it.
type outline struct {
	*iam.Statement
	looked    bool
	actions   bits
	patterns  bool           // what is listed has patterns of actions, or actions that the catalog does not have
	others    bool           // actions that the catalog does not have may match
	resources []glob.Pattern // nil for any
}

func (l *looks) of(s *iam.Statement) *outline {
	made, ok := l.made[s]
	if !ok {
		made = &outline{Statement: s}
		l.made[s] = made
	}
	return made
}

func (l *looks) look(o *outline) {
	if o.looked {
		return
	}
	o.looked = true
	list, out, ok := oneForm(o.Action, o.NotAction)
	if !ok {
		list, out = nil, true // any
	}
	if !l.budget.take(costOfActions(list)) {
		list, out = nil, true
	}
	o.actions, o.patterns = actionPoints(list)
	if o.others = o.patterns; out {
		o.actions, o.others = known.all.and(o.actions, true), true
	}
	if o.NotResource != nil || !l.budget.take(len(o.Resource)) {
		return
	}
	for _, v := range o.Resource {
		text, _, _ := strings.Cut(v.Text, "${")
		if text != v.Text {
			text += "*"
		}
		o.resources = append(o.resources, glob.Compile(text))
	}
}

// apart tells that no request matches both statements. False means nothing.
func (l *looks) apart(o, p *outline) bool {
	if namesAll(o.Statement) && namesAll(p.Statement) && !anyPair(l.budget, o.Principal.Entries, p.Principal.Entries, glancesOfStep, mayMeet) {
		return true
	}
	l.look(o)
	l.look(p)
	return !(o.others && p.others) && !o.actions.meets(p.actions) ||
		o.resources != nil && p.resources != nil && !anyPair(l.budget, o.resources, p.resources, glancesOfStep, glob.Pattern.Overlaps)
}

// namesAll reports whether nobody is a statement's principal but its entries.
func namesAll(s *iam.Statement) bool {
	return s.Principal != nil && s.NotPrincipal == nil && !s.Principal.Any
}

// anyPair reports whether f holds for some pair, each of which takes some glances. It says so too when the budget is spent.
func anyPair[T any](budget *budget, a, b []T, glances int, f func(T, T) bool) bool {
	for _, x := range a {
		for _, y := range b {
			if f(x, y) {
				return true
			}
			budget.glance(glances)
		}
		if budget.over() {
			return true
		}
	}
	return false
}

// mayMeet reports whether one caller may be both of two principals: not if they are in different accounts, or have different
// names in one.
func mayMeet(a, b iam.PrincipalEntry) bool {
	if a.ID.Text == b.ID.Text {
		return true
	}
	accountA, nameA, plainA := plainPrincipal(a)
	accountB, nameB, plainB := plainPrincipal(b)
	return !plainA || !plainB || accountA == accountB && (nameA == nameB || nameA == "" || nameB == "")
}

// plainPrincipal takes apart a principal that says by its text whom it means: an account, or a role, user or service by
// its name. plain is false for any other.
func plainPrincipal(e iam.PrincipalEntry) (account, name string, plain bool) {
	id := e.ID.Text
	switch {
	case strings.ContainsAny(id, "*?$"):
		return "", "", false
	case e.Type == "Service":
		return "service", id, true
	case e.Type != "AWS":
		return "", "", false
	case authz.IsAccount(id):
		return id, "", true
	}
	// arn:PARTITION:iam::ACCOUNT:KIND/PATH/NAME
	_, rest, _ := strings.Cut(id, "::")
	account, rest, _ = strings.Cut(rest, ":")
	if !strings.HasPrefix(id, "arn:") || !authz.IsAccount(account) {
		return "", "", false
	}
	kind, name, _ := strings.Cut(rest, "/")
	switch kind {
	case "role", "user":
		return account, name[strings.LastIndexByte(name, '/')+1:], true
	case "assumed-role": // the session of a role, whatever the role's path
		name, _, _ = strings.Cut(name, "/")
		return account, name, true
	}
	return account, "", true // root, and what has no name of its own
}

// touching returns the document with the statements that may match what some of the asked match.
func (l *looks) touching(doc *iam.Document, asked []*iam.Statement) extract {
	out := extract{Document: doc}
	for i := range doc.Statements {
		s := &doc.Statements[i]
		l.budget.glance(2 * len(asked))
		if slices.Contains(asked, s) || slices.ContainsFunc(asked, func(a *iam.Statement) bool {
			l.budget.glance(glancesOfStep)
			return l.budget.over() || !l.apart(l.of(a), l.of(s))
		}) {
			out.statements = append(out.statements, s)
		}
	}
	return out
}
