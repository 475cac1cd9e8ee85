package rules

import (
	"slices"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// What Parse lets through because it can be read, and S3 does not because it says nothing.
var missingElement = &policy.Rule{
	ID:      "BW102",
	Name:    "missing-element",
	Summary: "a statement lacks an element, has an empty one, or has two that exclude each other",
	Why: "Every statement of a bucket policy needs Effect, and one of each pair: Principal or NotPrincipal, Action or " +
		"NotAction, Resource or NotResource. S3 refuses the whole policy when one is missing, and the bucket keeps the " +
		"policy it had: a new Deny that somebody relies on never takes effect.",
	Sources: []string{iamGrammar, s3Policies},
	Controls: policy.Controls{AccessAnalyzer: []string{
		"MISSING_STATEMENT", "MISSING_EFFECT", "MISSING_ACTION", "MISSING_RESOURCE", "MISSING_PRINCIPAL",
		"UNSUPPORTED_ELEMENT_COMBINATION", "EMPTY_ARRAY_ACTION", "EMPTY_ARRAY_RESOURCE",
		"EMPTY_ARRAY_PRINCIPAL", "EMPTY_OBJECT_PRINCIPAL",
	}},
	Severity: policy.SeverityError,
	Baseline: policy.Deny, Restricted: policy.Deny,
	Check: checkMissingElement,
}

func checkMissingElement(in policy.Input) []policy.Finding {
	if !resourcePolicy(in) {
		return nil
	}
	if len(in.Document.Statements) == 0 {
		return []policy.Finding{{Message: "the document has no statement; write one, or delete the policy on purpose"}}
	}
	var out []policy.Finding
	for s := range statements(in) {
		if complete(s) { // as most are
			continue
		}
		if s.Effect == "" {
			out = append(out, about(s, s.Value.Path(), "Effect is missing; write Allow or Deny"))
		}
		for _, name := range [...]string{"Principal", "Action", "Resource"} {
			out = append(out, checkPair(s, name)...)
		}
	}
	return out
}

// complete tells, by what has been parsed, that a statement has each element once. Other rules ask for that all the time.
func complete(s *iam.Statement) bool {
	who := s.Principal
	if who == nil {
		who = s.NotPrincipal
	}
	return s.Effect != "" && who != nil && (who.Any || len(who.Entries) > 0) && (s.Principal == nil) != (s.NotPrincipal == nil) &&
		(s.Action == nil) != (s.NotAction == nil) && len(s.Action)+len(s.NotAction) > 0 &&
		(s.Resource == nil) != (s.NotResource == nil) && len(s.Resource)+len(s.NotResource) > 0
}

// checkPair looks at an element and the Not- form that may stand for it.
func checkPair(s *iam.Statement, name string) []policy.Finding {
	plain, not := s.Value.Member(name), s.Value.Member("Not"+name)
	switch {
	case plain == nil && not == nil:
		return []policy.Finding{about(s, s.Value.Path(), "%s is missing; every statement of a bucket policy needs one", name)}
	case plain != nil && not != nil:
		return []policy.Finding{about(s, not.Path(), "%s and Not%s exclude each other; keep one", name, name)}
	case plain == nil:
		plain, name = not, "Not"+name
	}
	if empty(plain) {
		return []policy.Finding{about(s, plain.Path(), "%s is empty; S3 refuses the statement, so name at least one", name)}
	}
	return nil
}

// empty tells whether a list, or a Principal object, holds nothing.
func empty(v *iam.Value) bool {
	switch v.Kind {
	case iam.Array:
		return len(v.Elements) == 0
	case iam.Object:
		return !slices.ContainsFunc(v.Members, func(m iam.Member) bool { return !empty(m.Value) })
	}
	return false
}
