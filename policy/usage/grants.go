package usage

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/accesslog"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// Granted is an entry of an Allow's Action, and what logs show of it. Used, Unused and Unseen are what it stands for.
type Granted struct {
	Statement int // index from 0
	Sid       string
	Action    string // as the policy spells it
	Used      []ActionUse
	Unused    []string // logs would show them
	Unseen    []string // these logs would not show them, or not by their operation
}

// ActionUse sums up who used an action of a statement.
type ActionUse struct {
	Action      string
	Sure        bool // false: requests may have used it, which their log does not show
	Requests    int
	Callers     int
	First, Last int64
}

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

// mayBeAbout tells whether a statement is about some of the resources.
func (e *Evidence) mayBeAbout(s *iam.Statement, resources glob.Pattern) bool {
	return s.Resource == nil || slices.ContainsFunc(s.Resource, func(r *iam.Value) bool { return e.overlaps(r, resources) })
}

// overlaps tells whether a Resource has some of the resources. A policy variable may stand for anything.
func (e *Evidence) overlaps(r *iam.Value, resources glob.Pattern) bool {
	return e.isOpen(r) || glob.Compile(r.Text).Overlaps(resources)
}

func (e *Evidence) isOpen(v *iam.Value) bool {
	return e.doc.HasVariables() && strings.Contains(v.Text, "${")
}

// may tells whether a statement may be what let a use in, its conditions left out.
func (e *Evidence) may(s *iam.Statement, u *Use) bool {
	return e.mayCall(s, u.Caller) && e.mayBeAbout(s, glob.Compile(u.region(e.partition))) &&
		(s.Action == nil || slices.ContainsFunc(s.Action, func(a *iam.Value) bool { return glob.MatchFold(a.Text, u.Action) }))
}

// mayCall tells whether a statement may be about a caller. Of an account or a canonical id alone it may.
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

// Grants returns what the policy grants, action by action, and what became of it. Statements with NotAction are left out.
func (e *Evidence) Grants() []Granted {
	var out []Granted
	for i := range e.doc.Statements {
		s := &e.doc.Statements[i]
		if s.Effect != iam.Allow {
			continue
		}
		used := e.usesOf(s)
		for _, a := range s.Action {
			g := Granted{Statement: i, Sid: s.Sid, Action: a.Text}
			for _, action := range standsFor(a.Text) {
				switch use := sum(action, used); {
				case use.Requests > 0:
					g.Used = append(g.Used, use)
				case e.shows(action):
					g.Unused = append(g.Unused, action)
				default:
					g.Unseen = append(g.Unseen, action)
				}
			}
			out = append(out, g)
		}
	}
	return out
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

// standsFor returns the actions of a bucket policy that an entry of Action names: itself when it has no wildcard.
func standsFor(pattern string) []string {
	if !strings.ContainsAny(pattern, "*?") {
		if a, ok := catalog.LookupAction(pattern); ok {
			pattern = a.Name()
		}
		return []string{pattern}
	}
	var out []string
	for a := range catalog.Actions() {
		if a.InBucketPolicy() && strings.HasPrefix(a.Name(), "s3:") && glob.MatchFold(pattern, a.Name()) {
			out = append(out, a.Name())
		}
	}
	return out
}

func sum(action string, uses []*Use) ActionUse {
	out := ActionUse{Action: action}
	callers := map[string]bool{}
	for _, u := range uses {
		if !strings.EqualFold(u.Action, action) {
			continue
		}
		if out.Requests == 0 || u.First < out.First {
			out.First = u.First
		}
		out.Last, out.Sure = max(out.Last, u.Last), out.Sure || u.Sure
		out.Requests += u.Requests
		callers[u.Caller] = true
	}
	out.Callers = len(callers)
	return out
}

// shows tells whether these logs would show that an action was used: by its operation, and as one of the kinds that they
// have of the policy's bucket.
func (e *Evidence) shows(action string) bool {
	return accesslog.Shown(action) && e.kinds&kindOf(action) != 0
}

// kindOf is the kind of request that asks for an action. Listing a bucket is a data event of CloudTrail.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html
func kindOf(action string) accesslog.Kinds {
	a, _ := catalog.LookupAction(action)
	reads := a.Level() == catalog.List || a.Level() == catalog.Read
	data := a.Resources()&catalog.Object != 0 || a.Level() == catalog.List
	switch {
	case data && reads:
		return accesslog.ObjectReads
	case data:
		return accesslog.ObjectWrites
	case reads:
		return accesslog.BucketReads
	}
	return accesslog.BucketWrites
}
