package rules

import (
	"iter"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// resourcePolicy reports whether the Input is a document that S3, or a service beside it, keeps with a bucket or an access
// point. Policies of users and roles follow other rules.
func resourcePolicy(in policy.Input) bool {
	return in.Document != nil && slices.Contains([]policy.Kind{policy.BucketPolicy, policy.AccessPointPolicy, policy.NeighbourPolicy}, in.Kind)
}

// statements yields what S3 keeps with a bucket or an access point and, to rules that ask for them, what IAM keeps about S3.
func statements(in policy.Input) iter.Seq[*iam.Statement] {
	return func(yield func(*iam.Statement) bool) {
		identity := in.Kind == policy.IdentityPolicy
		if !resourcePolicy(in) && !identity || in.Document == nil {
			return
		}
		for i := range in.Document.Statements {
			s := &in.Document.Statements[i]
			if identity && !slices.ContainsFunc(s.Action, ofS3) && len(s.NotAction) == 0 {
				continue
			}
			if !yield(s) {
				return
			}
		}
	}
}

// ofS3 reports whether an action, or a pattern of actions, may be one of S3's.
func ofS3(action *iam.Value) bool {
	service, _, _ := strings.Cut(action.Text, ":")
	return glob.MatchFold(service, "s3") || glob.MatchFold(service, "s3express")
}

// anybody reports whether a statement's principals include accounts that it does not name.
func anybody(s *iam.Statement) bool {
	if s.Principal == nil || s.Principal.Any {
		return true
	}
	return slices.ContainsFunc(s.Principal.Entries, func(e iam.PrincipalEntry) bool {
		return strings.ContainsAny(e.ID.Text, "*?$") || e.Type == "Federated" && !strings.HasPrefix(e.ID.Text, "arn:")
	})
}

// allOf reports whether principals are all of one account.
func allOf(p *iam.Principal, account string) bool {
	return p != nil && !p.Any && len(p.Entries) > 0 && !slices.ContainsFunc(p.Entries, func(e iam.PrincipalEntry) bool {
		return e.Type != "AWS" || accountOf(e.ID.Text) != account
	})
}

// remaining returns the document without an Allow with NotPrincipal, which is BW702's.
func remaining(in policy.Input) *iam.Document {
	ours := func(s *iam.Statement) bool { return s.Effect == iam.Deny || s.NotPrincipal == nil }
	if !slices.ContainsFunc(in.Document.Statements, func(s iam.Statement) bool { return !ours(&s) }) {
		return in.Document
	}
	return in.Document.Only(ours)
}

// denials returns the document with its Denies alone.
func denials(in policy.Input) *iam.Document {
	return in.Document.Only(func(s *iam.Statement) bool { return s.Effect == iam.Deny })
}
