package rules

import (
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// What strangers may do is BW202's. Services are not asked about: each writes what it is made for.
var bucketEscalation = &policy.Rule{
	ID:      "BW902",
	Name:    "escalation",
	Summary: "a permission on the bucket comes to one on its objects that was not given",
	Why: "Who may set a bucket's replication, inventory, lifecycle, notifications, logging, ACL or policy decides what becomes of " +
		"the objects without touching one: a lifecycle rule deletes them all, and a replication rule copies them away. AWS says " +
		"to deny s3:PutLifecycleConfiguration along with s3:DeleteObject for that reason. These stay in the owner's account.",
	Sources: []string{
		"https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html",
		"https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketReplication.html",
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/configure-inventory.html",
		"https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html",
		"https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLogging.html",
		s3ACLs,
		putBucketPolicy,
	},
	Severity: policy.High,
	Baseline: policy.Warn, Restricted: policy.Deny,
	Access: true,
	Yields: policy.Yields{Document: incomplete},
	Check:  checkEscalation,
}

func checkEscalation(in policy.Input) []policy.Finding {
	return escalating(in, escalations, space.None, func(e escalation, s *iam.Statement, r *authz.Request) []policy.Finding {
		return e.found(in, s, r, "lets %s use %s; %s, though %s is not allowed, so remove it", outsider(in, r), e.action, e.how, e.gain)
	})
}
