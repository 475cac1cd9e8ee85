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
	Summary: "a bucket permission lets the caller do to objects what the policy does not grant",
	Why: "Whoever may set a bucket's replication, inventory, lifecycle, notifications, logging, ACL or policy controls its " +
		"objects without touching one: a lifecycle rule deletes them all, and a replication rule copies them away. For " +
		"that reason AWS recommends denying s3:PutLifecycleConfiguration together with s3:DeleteObject. Keep these " +
		"permissions in the bucket owner's account.",
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
		return e.found(in, s, r, "%s can use %s; %s, although %s is not allowed, so remove it", outsider(in, r), e.action, e.how, e.gain)
	})
}
