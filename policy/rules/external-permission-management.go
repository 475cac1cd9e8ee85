package rules

import (
	"slices"

	"github.com/bucketwarden/bucketwarden/policy"
)

// toManage is what no outsider is to be allowed. Where ACLs are off, setting one is no harm.
var (
	toManage            = grantOf(managed)
	toManageWithoutACLs = grantOf(slices.DeleteFunc(slices.Clone(managed), setsACL))
)

// What uses the bucket is BW401's, so that each speaks of one thing. To set an ACL where ACLs are off is nothing.
var externalPermissionManagement = &policy.Rule{
	ID:      "BW402",
	Name:    "external-permission-management",
	Summary: "an account or organization outside the trust can change who has access",
	Why: "Whoever may change the bucket's policy, its ACLs, Object Ownership or public access block can give themselves " +
		"and anyone else all other access, and take it from you. Principals outside the trust do not need that to read or " +
		"write objects. Keep these actions with the account that owns the bucket.",
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html",
		s3Actions,
	},
	Controls: policy.Controls{SecurityHub: []string{"S3.6"}, Config: []string{"s3-bucket-blacklisted-actions-prohibited"}},
	Severity: policy.Critical,
	Baseline: policy.Deny, Restricted: policy.Deny,
	Accepts: true, Neighbours: true,
	Yields: policy.Yields{Document: incomplete},
	Check:  checkExternalManagement,
}

func checkExternalManagement(in policy.Input) []policy.Finding {
	if ownership := in.Bucket.Ownership; ownership.Explicit() && ownership.Value == policy.BucketOwnerEnforced {
		return outsiders(in, toManageWithoutACLs)
	}
	return outsiders(in, grantableBy(in).toManage)
}
