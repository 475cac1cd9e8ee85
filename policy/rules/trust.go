package rules

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/public"
)

// trusted is whom the cluster owner trusts, the account of the bucket, and AWS's own; false when neither of the first two is known.
func trusted(in policy.Input) (public.Trust, bool) {
	owner := in.Bucket.Owner
	if !resourcePolicy(in) || in.Trust == nil && !owner.Known() {
		return public.Trust{}, false
	}
	var out public.Trust
	if in.Trust != nil {
		out = *in.Trust
	}
	out.Accounts = slices.Concat(out.Accounts, awsOwnedIn(in.Document))
	if in.Trust == nil { // nobody said that others' distributions are not meant to get in
		out.Accounts = append(out.Accounts, originAccess)
	}
	if owner.Known() && (in.Trust == nil || observed(owner)) {
		out.Accounts = append(out.Accounts, owner.Value)
	}
	return out, true
}

// observed reports whether a fact is what a controller found in AWS, or an operator configured. The account that somebody
// writes into an object, or into another one beside it, is their claim, and adds nobody to a trust that was configured.
func observed(f policy.Fact[string]) bool {
	return f.Origin == policy.Configured || f.Origin == policy.Observed
}

// inside tells, without asking the engine, whether a statement lets in nobody but principals of trusted accounts and
// organizations, or whom the access points of a trusted account let in; services count as such unless they are asked about.
func inside(s *iam.Statement, trust public.Trust, services bool) bool {
	for _, c := range s.Condition {
		op, ok := iam.ParseOperator(c.Operator)
		equal := ok && holds(op) && op.Comparison == iam.StringEquals && op.Quantifier == iam.None
		switch {
		case equal && strings.EqualFold(c.Key, "aws:PrincipalAccount") && allIn(c.Values, trust.Accounts),
			equal && strings.EqualFold(c.Key, "s3:DataAccessPointAccount") && allIn(c.Values, trust.Accounts),
			equal && strings.EqualFold(c.Key, "aws:PrincipalOrgID") && allIn(c.Values, trust.Organizations):
			return true
		}
	}
	if s.Principal == nil || s.Principal.Any {
		return false
	}
	return !slices.ContainsFunc(s.Principal.Entries, func(e iam.PrincipalEntry) bool {
		if e.Type == "Service" {
			return services
		}
		return e.Type != "AWS" || !slices.Contains(trust.Accounts, accountOf(e.ID.Text))
	})
}

func allIn(values []*iam.Value, list []string) bool {
	return !slices.ContainsFunc(values, func(v *iam.Value) bool { return !slices.Contains(list, v.Text) })
}
