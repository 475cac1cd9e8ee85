package authz

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// actions reads Action and NotAction. Case does not matter, and `*` and `?` stand for what they stand for everywhere.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
func (e *evaluation) actions(s *iam.Statement) verdict {
	v := e.oneOf(s, s.Action, s.NotAction, (*evaluation).action)
	e.trace.list(e, s, "Action", e.req.Action, s.Action, s.NotAction, v)
	return v
}

func (e *evaluation) action(pattern *iam.Value) verdict {
	return match(glob.MatchFold(pattern.Text, e.req.Action), pattern)
}

// resources reads Resource and NotResource.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
func (e *evaluation) resources(s *iam.Statement) verdict {
	v := yes(s.Value)
	if s.Resource != nil || s.NotResource != nil || !IsTrust(e.doc) {
		read := (*evaluation).resource
		if s.Resource == nil {
			read = (*evaluation).spared
		}
		v = e.oneOf(s, s.Resource, s.NotResource, read)
	}
	e.trace.list(e, s, "Resource", e.req.Resource, s.Resource, s.NotResource, v)
	return v
}

// IsTrust reports whether a document is a role's trust policy: no statement has a resource, which is the role itself, all
// have principals, and some name an action of STS.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
func IsTrust(doc *iam.Document) bool {
	sts := func(v *iam.Value) bool { return len(v.Text) > 4 && strings.EqualFold(v.Text[:4], "sts:") }
	named := false
	for _, s := range doc.Statements {
		if s.Resource != nil || s.NotResource != nil || s.Principal == nil && s.NotPrincipal == nil {
			return false
		}
		named = named || slices.ContainsFunc(s.Action, sts) || slices.ContainsFunc(s.NotAction, sts)
	}
	return named
}

// spared compares the request's resource with one entry of NotResource. One with a variable that has no value matches no
// resource, or else has the entire statement be invalid: AWS's page on variables says that it might.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func (e *evaluation) spared(pattern *iam.Value) verdict {
	if _, open := e.expand(pattern, glob.Compile); open.match == No {
		return maybe(pattern, openNoVariable)
	}
	return e.resource(pattern)
}

// resource compares the request's resource with one pattern. One with a variable that has no value matches no resource.
//
// AWS says that a `*` at the end of a segment can match beyond the colon, and that one should not count on it. So
// what matches only when a wildcard crosses a colon is open, but for a `*` at the pattern's end.
func (e *evaluation) resource(pattern *iam.Value) verdict {
	text := pattern.Text
	if text == "*" {
		return yes(pattern)
	}
	p, open := e.expand(pattern, glob.Compile)
	switch {
	case open.match != Yes:
		return open
	case !p.Match(e.req.Resource):
		return verdict{}
	case e.variable(text) >= 0 && strings.Count(text[:e.variable(text)], ":") < 5:
		return maybe(pattern, openEarly)
	}
	if missing := 5 - strings.Count(text, ":"); missing > 0 && strings.HasSuffix(text, "*") {
		p = glob.Concat(p, glob.Compile(strings.Repeat(":*", missing)))
	}
	if arn, ok := glob.ARNOf(p); ok && arn.Match(e.req.Resource) {
		return yes(pattern)
	}
	return maybe(pattern, openColon)
}
