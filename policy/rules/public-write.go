package rules

import "github.com/bucketwarden/bucketwarden/policy"

// PublicWrite is BW202, which other packages name.
//
// What is read is BW201's, so that each speaks of one thing.
var PublicWrite = &policy.Rule{
	ID:      "BW202",
	Name:    "public-write",
	Summary: "anyone on the internet, or any AWS account, can write, delete, tag or change permissions",
	Why: "Whoever can write can replace what others read, fill the bucket at its owner's cost, or delete everything; " +
		"whoever can change the policy or an ACL can do anything. No use of S3 needs this for unknown callers: a form or " +
		"an app uploads with a presigned URL, which carries the permissions of the principal that signed it.",
	Sources: []string{
		blockPublicAccess,
		s3Actions,
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/PresignedUrlUploadObject.html",
	},
	Controls: policy.Controls{
		SecurityHub:    []string{"S3.3"},
		Config:         []string{"s3-bucket-public-write-prohibited"},
		AccessAnalyzer: []string{"CheckNoPublicAccess"},
	},
	Severity: policy.Critical,
	Baseline: policy.Deny, Restricted: policy.Deny,
	Accepts: true, Neighbours: true,
	Yields: policy.Yields{Document: incomplete},
	Check:  func(in policy.Input) []policy.Finding { return opening(in, grantableBy(in).writes) },
}
