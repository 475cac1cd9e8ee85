package space

import (
	"slices"
	"strings"

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

// outlines are what can be told of statements at a glance, made once each.
type outlines map[*iam.Statement]*outline

// outline is a bound on what a statement matches.
type outline struct {
	principals []iam.PrincipalEntry // nil for anybody
	actions    *set
	others     bool           // actions that the catalog does not have may match
	resources  []glob.Pattern // nil for any
}

func (o outlines) of(s *iam.Statement) *outline {
	made, ok := o[s]
	if !ok {
		made = sketch(s)
		o[s] = made
	}
	return made
}

func sketch(s *iam.Statement) *outline {
	out := &outline{}
	if s.Principal != nil && !s.Principal.Any {
		out.principals = s.Principal.Entries
	}
	out.actions = actionSet(s.Action)
	out.others = slices.ContainsFunc(s.Action, openAction)
	if s.NotAction != nil {
		out.actions, out.others = &set{points: known.all.and(actionSet(s.NotAction).points, true)}, true
	}
	for _, v := range s.Resource {
		text := v.Text
		if i := strings.Index(text, "${"); i >= 0 {
			text = text[:i] + "*"
		}
		out.resources = append(out.resources, glob.Compile(text))
	}
	return out
}

// openAction tells whether a pattern of actions may match names that the catalog does not have.
func openAction(v *iam.Value) bool {
	_, ok := known.index[strings.ToLower(v.Text)]
	return !ok
}

// apart tells that no request matches both statements. False means nothing.
func (o *outline) apart(p *outline) bool {
	return o.principals != nil && p.principals != nil && !anyPair(o.principals, p.principals, mayMeet) ||
		!(o.others && p.others) && !o.actions.points.meets(p.actions.points) ||
		o.resources != nil && p.resources != nil && !anyPair(o.resources, p.resources, glob.Pattern.Overlaps)
}

func anyPair[T any](a, b []T, f func(T, T) bool) bool {
	for _, x := range a {
		for _, y := range b {
			if f(x, y) {
				return true
			}
		}
	}
	return false
}

// mayMeet tells whether one caller may be both of two principals: not if they are in different accounts, or different
// roles or users, or services by different names.
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
	case isAccount(id):
		return id, "", true
	}
	parts := strings.SplitN(id, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || !isAccount(parts[4]) {
		return "", "", false
	}
	kind, name, _ := strings.Cut(parts[5], "/")
	switch kind {
	case "root":
		return parts[4], "", true
	case "role", "user":
		return parts[4], kind + "/" + name[strings.LastIndexByte(name, '/')+1:], true
	case "assumed-role": // the session of a role, whatever the role's path
		role, _, _ := strings.Cut(name, "/")
		return parts[4], "role/" + role, true
	}
	return parts[4], "", true
}

func isAccount(id string) bool { return len(id) == 12 && strings.Trim(id, "0123456789") == "" }

// touching returns the document with the statements that may match what some of the asked match.
func touching(doc *iam.Document, asked []*iam.Statement, looks outlines) extract {
	out := extract{Document: doc}
	for i := range doc.Statements {
		s := &doc.Statements[i]
		if slices.Contains(asked, s) || slices.ContainsFunc(asked, func(a *iam.Statement) bool {
			return !looks.of(a).apart(looks.of(s))
		}) {
			out.statements = append(out.statements, s)
		}
	}
	return out
}
