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
	Why: "Every statement of a bucket policy needs an Effect, and one of each pair: Principal or NotPrincipal, Action or " +
		"NotAction, Resource or NotResource. The policy of a user or role has no principal. Otherwise AWS refuses the " +
		"whole policy and keeps the old one, so a new Deny that you rely on never takes effect.",
	Sources: []string{iamGrammar, s3Policies},
	Controls: policy.Controls{AccessAnalyzer: []string{
		"MISSING_STATEMENT", "MISSING_EFFECT", "MISSING_ACTION", "MISSING_RESOURCE", "MISSING_PRINCIPAL",
		"UNSUPPORTED_ELEMENT_COMBINATION", "EMPTY_ARRAY_ACTION", "EMPTY_ARRAY_RESOURCE",
		"EMPTY_ARRAY_PRINCIPAL", "EMPTY_OBJECT_PRINCIPAL",
	}},
	Severity: policy.SeverityError,
	Baseline: policy.Deny, Restricted: policy.Deny,
	Identities: true, Neighbours: true,
	Check: checkMissingElement,
}

func checkMissingElement(in policy.Input) []policy.Finding {
	identity := in.Kind == policy.IdentityPolicy
	if !resourcePolicy(in) && !identity || in.Document == nil {
		return nil
	}
	if len(in.Document.Statements) == 0 {
		return []policy.Finding{{Message: "the document has no statement; write one, or delete the policy"}}
	}
	var out []policy.Finding
	for i := range in.Document.Statements {
		s := &in.Document.Statements[i]
		if complete(s, identity) { // as most are
			continue
		}
		if s.Effect == "" {
			out = append(out, about(s, s.Value.Path(), "Effect is missing; write Allow or Deny"))
		}
		for _, name := range [...]string{"Principal", "Action", "Resource"} {
			if name == "Principal" && identity {
				out = append(out, checkNoPrincipal(s)...)
			} else {
				out = append(out, checkPair(s, name)...)
			}
		}
	}
	return out
}

// checkNoPrincipal: IAM knows whom a policy of a user or role is about, and refuses one that names somebody.
func checkNoPrincipal(s *iam.Statement) []policy.Finding {
	for _, name := range [...]string{"Principal", "NotPrincipal"} {
		if v := s.Value.Member(name); v != nil {
			return []policy.Finding{about(s, v.Path(), "%s belongs in bucket policies, and IAM refuses it in the policy of a user or role; "+
				"remove it", name)}
		}
	}
	return nil
}

// complete tells, by what has been parsed, that a statement has each element once. Other rules ask for that all the time.
func complete(s *iam.Statement, identity bool) bool {
	who := s.Principal
	if who == nil {
		who = s.NotPrincipal
	}
	if identity && who != nil || !identity && (who == nil || !who.Any && len(who.Entries) == 0 || s.Principal != nil && s.NotPrincipal != nil) {
		return false
	}
	return s.Effect != "" && (s.Action == nil) != (s.NotAction == nil) && len(s.Action)+len(s.NotAction) > 0 &&
		(s.Resource == nil) != (s.NotResource == nil) && len(s.Resource)+len(s.NotResource) > 0
}

// checkPair looks at an element and the Not- form that may stand for it.
func checkPair(s *iam.Statement, name string) []policy.Finding {
	plain, not := s.Value.Member(name), s.Value.Member("Not"+name)
	switch {
	case plain == nil && not == nil:
		return []policy.Finding{about(s, s.Value.Path(), "%s is missing; every statement needs one", name)}
	case plain != nil && not != nil:
		return []policy.Finding{about(s, not.Path(), "%s and Not%s exclude each other; keep one", name, name)}
	case plain == nil:
		plain, name = not, "Not"+name
	}
	if empty(plain) {
		return []policy.Finding{about(s, plain.Path(), "%s is empty; name at least one", name)}
	}
	return nil
}

// empty reports whether a list, or a Principal object, holds nothing.
func empty(v *iam.Value) bool {
	switch v.Kind {
	case iam.Array:
		return len(v.Elements) == 0
	case iam.Object:
		return !slices.ContainsFunc(v.Members, func(m iam.Member) bool { return !empty(m.Value) })
	}
	return false
}
