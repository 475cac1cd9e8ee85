package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/ownership"
	"github.com/bucketwarden/bucketwarden/policy/plain"
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
		"never takes effect, and the object never becomes ready. It is S3's default for buckets made since April 2023. Nor does S3 take an object with an ACL, except " +
		"bucket-owner-full-control, or target grants of server access logs. Move what the ACL grants to the bucket policy.",
	Sources: []string{
		objectOwnership,
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-ownership-migrating-acls-prerequisites.html",
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-ownership-error-responses.html",
		"https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLogging.html",
	},
	Severity: policy.SeverityError,
	Baseline: policy.Patch, Restricted: policy.Patch, Unfixed: policy.Deny,
	Check: func(in policy.Input) []policy.Finding {
		return slices.Concat(checkACLBesideOwnership(in), checkACLByDefault(in), checkObjectACLBesideOwnership(in))
	},
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

// checkACLByDefault looks at an ACL of a bucket that is made in sight, for which no object declares an ownership.
func checkACLByDefault(in policy.Input) []policy.Finding {
	acl := in.Bucket.ACL
	if !acl.Here() || acl.Value.Canned == "" && len(acl.Value.Grants) == 0 || ownersAlone(acl.Value) || !madeWithoutACLs(in.Bucket) {
		return nil
	}
	what := "ACL grants need"
	if len(acl.Value.Grants) == 0 {
		what = "ACL " + value(acl.Value.Canned) + " needs"
	}
	return byDefault([]policy.Finding{{
		Field: acl.From,
		Message: fmt.Sprintf("%s an Object Ownership that no object declares for %s; S3 makes new buckets without ACLs, and answers 400 %s; %s, "+
			"or declare an ownership that keeps ACLs on", what, plain.Line(in.Bucket.Made.Value), ownership.NotSupported, advice(acl.Value)),
	}})
}

// byDefault holds findings down to a warning that rest on what S3 makes of a new bucket.
func byDefault(findings []policy.Finding) []policy.Finding {
	for i := range findings {
		findings[i].Assumptions = []string{"Object Ownership is BucketOwnerEnforced (AWS default since April 2023)"}
	}
	return ceiled(findings)
}

// madeWithoutACLs reports whether the bucket is made in sight, and no object declares its ownership.
func madeWithoutACLs(b policy.Bucket) bool {
	return b.Made.Explicit() && b.Ownership.Origin == policy.Unknown
}

// checkObjectACLBesideOwnership looks at what is put into the bucket.
func checkObjectACLBesideOwnership(in policy.Input) []policy.Finding {
	acl, setting := in.Bucket.ObjectACL, in.Bucket.Ownership
	if acl.Here() && madeWithoutACLs(in.Bucket) {
		in.Bucket.Ownership = policy.Fact[policy.Ownership]{Value: policy.BucketOwnerEnforced, Origin: policy.Sibling}
		return byDefault(checkObjectACLBesideOwnership(in))
	}
	if !acl.Here() || !setting.Explicit() || setting.Value != policy.BucketOwnerEnforced {
		return nil
	}
	f := policy.Finding{Field: acl.From}
	if acl.Value.Logs {
		of := "of the target bucket"
		if in.Bucket.Name.Known() {
			of = "of bucket " + value(in.Bucket.Name.Value)
		}
		f.Message = "target grants cannot go with BucketOwnerEnforced " + of + ", which turns ACLs off: S3 takes none; remove them, and " +
			"grant access to the logs in that bucket's policy"
		return []policy.Finding{f}
	}
	header := ownership.ACL(strings.ToLower(strings.TrimSpace(acl.Value.Canned)))
	if len(acl.Value.Grants) > 0 {
		header = ownership.Grants
	}
	switch upload, _ := ownership.Upload(policy.BucketOwnerEnforced, header, ownership.SameAccount); upload.Accepted {
	case ownership.No:
		what := "ACL " + value(acl.Value.Canned)
		if header == ownership.Grants {
			what = "ACL grants"
		}
		f.Message = what + " cannot go with BucketOwnerEnforced, which turns ACLs off: S3 refuses the object; remove the ACL, and grant " +
			"access in the bucket policy"
	case ownership.Undecided:
		f.Message = "ACL " + value(acl.Value.Canned) + " has no effect with BucketOwnerEnforced, and S3 may refuse the object; remove the ACL"
		f.Certainty, f.Ceiling = policy.Undecided, policy.Warn
	default:
		return nil
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
