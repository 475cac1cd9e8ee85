package rules

import (
	"slices"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/ownership"
)

// Where ACLs are off it is BW301's. The bucket's own ACL is for its account to set, so that s3:PutBucketAcl is left alone.
var aclActionSameAccount = &policy.Rule{
	ID:      "BW302",
	Name:    "acl-action-same-account",
	Summary: "the policy allows the bucket's own account to set object ACLs, which its uploads do not need",
	Why: "Objects that the bucket's own account uploads belong to the bucket's owner anyway, so bucket-owner-full-control " +
		"adds nothing and s3:PutObject is enough. But whoever has s3:PutObjectAcl can open any object to the world. " +
		"Uploaders of other accounts do need it where ACLs are on.",
	Sources: []string{
		"https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html",
		s3ACLs,
		objectOwnership,
	},
	Severity: policy.Low,
	Baseline: policy.Warn, Restricted: policy.Patch, Unfixed: policy.Warn,
	Identities: true,
	Check:      checkACLActionsOfOwner,
}

func checkACLActionsOfOwner(in policy.Input) []policy.Finding {
	var out []policy.Finding
	for s := range statements(in) {
		setting, ok := ownershipOf(in, s)
		if s.Effect != iam.Allow || !ok || !setting.Explicit() || !ownership.Needed(setting.Value, ownership.OtherAccount) ||
			!amongOwners(in, s) {
			continue
		}
		named := slices.DeleteFunc(slices.Clone(s.Action), func(v *iam.Value) bool { return !setsObjectACL(v.Text) })
		if len(named) == 0 {
			continue
		}
		f := about(s, named[0].Path(), "the bucket's own account does not need %s to upload; it can open objects to "+
			"anyone, so remove it unless ACLs must grant access to others", actionList(named))
		f.Fix = removal(policy.Narrowing, named)
		out = append(out, f)
	}
	return out
}

// amongOwners reports whether a statement is about callers of the account alone that the bucket belongs to, or all buckets that it
// names.
func amongOwners(in policy.Input, s *iam.Statement) bool {
	account := in.Bucket.Owner // in the policy of a role, the role's
	if in.Kind != policy.IdentityPolicy {
		return account.Known() && allOf(s.Principal, account.Value)
	}
	names, _ := policy.BucketNames(s.Resource)
	return account.Known() && !slices.ContainsFunc(names, func(name string) bool {
		owner := in.Buckets[name].Owner
		return !owner.Explicit() || owner.Value != account.Value
	})
}

func setsObjectACL(action string) bool {
	a, _ := catalog.LookupAction(action)
	return setsACL(action) && a.Resources()&catalog.Object != 0
}
