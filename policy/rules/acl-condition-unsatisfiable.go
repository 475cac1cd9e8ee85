package rules

import (
	"slices"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/fix"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/ownership"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// ACLConditionUnsatisfiable is BW303, which other packages name.
//
// A Deny of the very ACLs that are refused does no harm, and counts again on the day ACLs are switched on.
// What the engine cannot decide is left alone: the worst that can come of it is an upload that fails.
var ACLConditionUnsatisfiable = &policy.Rule{
	ID:      "BW303",
	Name:    "acl-condition-unsatisfiable",
	Summary: "the policy requires an upload ACL that S3 refuses under this Object Ownership",
	Why: "Under BucketOwnerEnforced S3 accepts uploads without an ACL or with bucket-owner-full-control, and answers " +
		"AccessControlListNotSupported to all others. A policy that allows uploads only with another ACL therefore allows " +
		"none: with the ACL S3 refuses them, without it the policy does. Require bucket-owner-full-control, or no ACL at " +
		"all.",
	Sources: []string{
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-ownership-migrating-acls-prerequisites.html",
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-ownership-error-responses.html",
		objectOwnership,
	},
	Severity: policy.High,
	Baseline: policy.Warn, Restricted: policy.Deny,
	Check: checkACLConditions,
}

// notUploads accepts all that is no upload, and withACL all that has a word of ACLs.
var (
	notUploads = allBut([]string{"s3:PutObject"})
	withACL    = func() *iam.Document {
		var out []condition
		for _, key := range aclKeys {
			out = append(out, condition{"Null": {key: {"false"}}})
		}
		return accepting(out...)
	}()
	aclKeys = []string{
		"s3:x-amz-acl", "s3:x-amz-grant-full-control", "s3:x-amz-grant-read", "s3:x-amz-grant-read-acp",
		"s3:x-amz-grant-write", "s3:x-amz-grant-write-acp",
	}
)

func checkACLConditions(in policy.Input) []policy.Finding {
	setting := in.Bucket.Ownership
	if !setting.Explicit() || setting.Value != policy.BucketOwnerEnforced || !resourcePolicy(in) {
		return nil
	}
	var refused *iam.Document // made where it is needed, which is rare
	var out []policy.Finding
	asked := 0
	for s := range statements(in) {
		i := slices.IndexFunc(s.Condition, func(c iam.Condition) bool { return aboutACL(c.Key) })
		if i < 0 || s.Principal == nil || slices.ContainsFunc(s.Condition, namesAccepted) {
			continue
		}
		if asked++; asked > mostAsked {
			break
		}
		if refused == nil {
			refused = fix.RefusedUploads(in.Bucket.Owner.Value)
		}
		at := s.Condition[i].Value.Path()
		if s.Effect == iam.Allow {
			out = append(out, allowsRefused(in, s, at, refused)...)
		} else {
			out = append(out, deniesRest(in, s, at, refused)...)
		}
	}
	return out
}

// namesAccepted reports whether a condition speaks of the one ACL that S3 accepts from anybody, as most do.
func namesAccepted(c iam.Condition) bool {
	return aboutACL(c.Key) && slices.ContainsFunc(c.Values, func(v *iam.Value) bool {
		return v.Text == string(ownership.BucketOwnerFullControl)
	})
}

func aboutACL(key string) bool { return isOneOf(key, aclKeys) }

// allowsRefused is the finding that S3 refuses every upload that an Allow allows.
func allowsRefused(in policy.Input, s *iam.Statement, at iam.Path, refused *iam.Document) []policy.Finding {
	alone := in.Document.With(*s)
	some := uploads(in, alone)
	if some.Answer != space.Found || uploads(in, alone, refused).Answer != space.None {
		return nil
	}
	f := about(s, at, "S3 refuses every upload that this allows, because BucketOwnerEnforced turns the ACL off; require "+
		"bucket-owner-full-control, or no ACL")
	f.Witness = some.Witness
	return []policy.Finding{f}
}

// deniesRest is the finding that a Deny spares no upload but those that S3 refuses.
func deniesRest(in policy.Input, s *iam.Statement, at iam.Path, refused *iam.Document) []policy.Finding {
	all := *s // all uploads that it is about, whatever their ACL
	all.Effect = iam.Allow
	all.Condition = slices.DeleteFunc(slices.Clone(s.Condition), func(c iam.Condition) bool { return aboutACL(c.Key) })
	scope, spared := in.Document.With(all), in.Document.With(all, *s)
	if uploads(in, spared).Answer != space.Found || uploads(in, spared, refused).Answer != space.None {
		return nil
	}
	f := about(s, at, "denies every upload that S3 accepts; under BucketOwnerEnforced it refuses the one ACL that this exempts, so exempt "+
		"bucket-owner-full-control")
	f.Witness = uploads(in, scope, withACL).Witness
	return []policy.Finding{f}
}

// uploads asks for an upload that a document allows and nobody has accepted.
func uploads(in policy.Input, doc *iam.Document, accepted ...*iam.Document) space.Verdict {
	return space.Access(doc, space.Everyone, in.Budget.Share(partBudget), append(accepted, notUploads)...)
}
