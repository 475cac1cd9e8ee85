package rules

import (
	"fmt"
	"slices"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/ownership"
)

// ACLWithOwnershipEnforced is BW304, which other packages name.
//
// Where one object declares the ACL and the ownership, an ACL that only says what the owner has anyway is taken away.
// One that means to grant is somebody's intention, and where the ACL is an object of its own, that object is nothing
// without it.
var ACLWithOwnershipEnforced = &policy.Rule{
	ID:      "BW304",
	Name:    "acl-with-ownership-enforced",
	Summary: "an ACL is set together with Object Ownership BucketOwnerEnforced",
	Why: "BucketOwnerEnforced turns ACLs off. S3 then refuses to set an ACL (AccessControlListNotSupported), and refuses " +
		"the ownership while the ACL grants access to others (InvalidBucketAclWithObjectOwnership). So one of the two " +
		"never takes effect, and the object never becomes ready. Move what the ACL grants to the bucket policy.",
	Sources: []string{
		objectOwnership,
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-ownership-migrating-acls-prerequisites.html",
	},
	Severity: policy.SeverityError,
	Baseline: policy.Patch, Restricted: policy.Patch, Unfixed: policy.Deny,
	Check: checkACLBesideOwnership,
}

func checkACLBesideOwnership(in policy.Input) []policy.Finding {
	acl, setting := in.Bucket.ACL, in.Bucket.Ownership
	aclHere, ownershipHere := acl.Here(), setting.Here()
	switch {
	case !acl.Explicit() || acl.Value.Canned == "" && len(acl.Value.Grants) == 0:
		return nil
	case !setting.Explicit() || setting.Value != policy.BucketOwnerEnforced:
		return nil
	case !aclHere && !ownershipHere, ownersAlone(acl.Value):
		return nil
	}
	f := policy.Finding{Field: acl.From}
	if !aclHere {
		f.Field = setting.From
	}
	what := "ACL grants"
	if len(acl.Value.Grants) == 0 {
		what = "ACL " + value(acl.Value.Canned)
	}
	f.Message = fmt.Sprintf("%s cannot go with BucketOwnerEnforced, which turns ACLs off: S3 refuses one of them; %s", what,
		advice(acl.Value))
	if aclHere && ownershipHere && saysNothing(acl.Value) {
		f.Fix = &policy.Fix{
			Class:       policy.Equivalent,
			Description: "remove the ACL, which grants the owner nothing new",
			Unset:       []string{acl.Field},
		}
	}
	return []policy.Finding{f}
}

// ownersAlone reports whether an ACL is what ACK writes down of every bucket whose ACL grants to its owner alone: the canned
// ACLs that it may have come from, and the owner's full control. It asks S3 for nothing.
func ownersAlone(a policy.ACL) bool {
	granted, known := ownership.BucketGrants(ownership.ACL(a.Canned))
	return a.Live && known && len(granted) == 0 && !slices.ContainsFunc(a.Grants, func(g policy.Grant) bool {
		return g.Permission != "FULL_CONTROL" || g.ID == "" || g.ID != a.Grants[0].ID
	})
}

// saysNothing reports whether an ACL grants to the owner alone.
func saysNothing(a policy.ACL) bool {
	granted, known := ownership.BucketGrants(ownership.ACL(a.Canned))
	return known && len(granted)+len(a.Grants) == 0
}

func advice(a policy.ACL) string {
	canned, _ := ownership.BucketGrants(ownership.ACL(a.Canned))
	logs := slices.ContainsFunc(canned, func(g ownership.Grant) bool { return g.Group == ownership.LogDelivery })
	for _, g := range a.Grants {
		logs = logs || g.URI == ownership.Groups+ownership.LogDelivery
	}
	switch {
	case logs:
		return "allow logging.s3.amazonaws.com s3:PutObject in the bucket policy"
	case saysNothing(a):
		return "remove the ACL"
	}
	return "grant access in the bucket policy and remove the ACL"
}
