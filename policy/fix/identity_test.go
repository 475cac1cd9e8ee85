package fix_test

import (
	"strings"
	"testing"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/fix"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// TestProveIdentity takes an ACL action out of the policy of a role: that is no loss on the buckets whose ACLs are off, and only
// there.
func TestProveIdentity(t *testing.T) {
	owned := func(o policy.Ownership, origin policy.Origin) policy.Bucket {
		return policy.Bucket{Ownership: policy.Fact[policy.Ownership]{Value: o, Origin: origin}}
	}
	with := policy.Input{Buckets: map[string]policy.Bucket{
		"logs":    owned(policy.BucketOwnerEnforced, policy.Sibling),
		"claimed": owned(policy.BucketOwnerEnforced, policy.Claimed),
		"shared":  owned(policy.ObjectWriter, policy.Sibling),
	}}
	with.Kind = policy.IdentityPolicy
	for resource, want := range map[string]string{
		"arn:aws:s3:::logs/*":    "",
		"arn:aws-cn:s3:::logs/*": "",
		"arn:aws:s3:::claimed/*": "lost, although S3 may serve it",
		"arn:aws:s3:::shared/*":  "lost, although S3 may serve it",
		"arn:aws:s3:::logs*":     "lost, although S3 may serve it",
		"*":                      "lost, although S3 may serve it",
	} {
		in := with.With(`{"Statement": {"Effect": "Allow", "Action": ["s3:PutObject", "s3:PutObjectAcl"], "Resource": "` + resource + `"}}`)
		fixed, err := fix.Apply(in.Document, []policy.Fix{{Edits: []iam.Edit{{At: "Statement[0].Action[1]"}}}})
		if err != nil {
			t.Fatal(err)
		}
		proof, err := fix.Prove(in, fixed, policy.Equivalent)
		switch {
		case want == "" && err != nil, want != "" && (err == nil || !strings.HasPrefix(err.Error(), want)):
			t.Errorf("%s: got %v, want %q", resource, err, want)
		case want == "" && proof.Grade != fix.EffectEquivalent:
			t.Errorf("%s: got grade %v", resource, proof.Grade)
		}
	}
}
