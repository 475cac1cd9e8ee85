package usage

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/accesslog"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// Evidence is what logs say, for the questions about one policy.
type Evidence struct {
	Uses    []*Use
	Unknown []*Group // of operations that are not known
	kinds   accesslog.Kinds

	doc       *iam.Document
	partition string
	callers   map[iam.PrincipalEntry]map[string]bool
}

// About returns what a tally says about a policy.
func (t *Tally) About(doc *iam.Document) *Evidence {
	e := &Evidence{doc: doc, partition: "aws", callers: map[iam.PrincipalEntry]map[string]bool{}}
	e.Uses, e.Unknown = Uses(t.Groups())
	for _, s := range doc.Statements {
		for _, r := range s.Resource {
			if parts := strings.SplitN(r.Text, ":", 3); len(parts) == 3 && parts[0] == "arn" && !strings.ContainsAny(parts[1], "*?$") {
				e.partition = parts[1]
			}
		}
	}
	for bucket, kinds := range t.kinds {
		whole := glob.Compile("arn:" + e.partition + ":s3:::" + bucket + "*")
		if slices.ContainsFunc(doc.Statements, func(s iam.Statement) bool { return e.mayBeAbout(&s, whole) }) {
			e.kinds |= kinds
		}
	}
	return e
}

// mayBeAbout reports whether a statement is about some of the resources.
func (e *Evidence) mayBeAbout(s *iam.Statement, resources glob.Pattern) bool {
	return s.Resource == nil || slices.ContainsFunc(s.Resource, func(r *iam.Value) bool { return e.overlaps(r, resources) })
}

// overlaps reports whether a Resource has some of the resources. A policy variable may stand for anything.
func (e *Evidence) overlaps(r *iam.Value, resources glob.Pattern) bool {
	return e.isOpen(r) || glob.Compile(r.Text).Overlaps(resources)
}

func (e *Evidence) isOpen(v *iam.Value) bool {
	return e.doc.HasVariables() && strings.Contains(v.Text, "${")
}

// may reports whether a statement may be what let a use in, its conditions left out.
func (e *Evidence) may(s *iam.Statement, u *Use) bool {
	return e.mayCall(s, u.Caller) && e.mayBeAbout(s, glob.Compile(u.region(e.partition))) &&
		(s.Action == nil || slices.ContainsFunc(s.Action, func(a *iam.Value) bool { return glob.MatchFold(a.Text, u.Action) }))
}

// mayCall reports whether a statement may be about a caller. Of an account or a canonical id alone it may.
func (e *Evidence) mayCall(s *iam.Statement, caller string) bool {
	if s.Principal == nil || s.Principal.Any {
		return true
	}
	return slices.ContainsFunc(s.Principal.Entries, func(p iam.PrincipalEntry) bool { return e.isCaller(s, p, caller) })
}

func (e *Evidence) isCaller(s *iam.Statement, p iam.PrincipalEntry, caller string) bool {
	known := e.callers[p]
	if known == nil {
		known = map[string]bool{}
		e.callers[p] = known
	}
	is, ok := known[caller]
	if !ok {
		one := iam.Statement{Principal: &iam.Principal{Entries: []iam.PrincipalEntry{p}, Value: s.Principal.Value}, Value: s.Value}
		is = authz.MatchPrincipal(e.doc, &one, caller, nil) != authz.No
		known[caller] = is
	}
	return is
}

func (e *Evidence) usesOf(s *iam.Statement) []*Use {
	var out []*Use
	for _, u := range e.Uses {
		if e.may(s, u) {
			out = append(out, u)
		}
	}
	return out
}

// mayBeIn reports whether a statement may be what let in requests of an operation that is not known.
func (e *Evidence) mayBeIn(s *iam.Statement, g *Group) bool {
	return e.mayCall(s, g.Caller) && e.mayBeAbout(s, glob.Compile("arn:"+e.partition+":s3:::"+g.Bucket+"*"))
}
