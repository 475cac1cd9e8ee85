package rules

import "github.com/bucketwarden/bucketwarden/policy"

var objectLockOff = &policy.Rule{
	ID:      "BW607",
	Name:    "object-lock-off",
	Summary: "the bucket cannot lock its objects",
	Why: "Object Lock keeps versions from being deleted or overwritten until a date; in compliance mode nobody can. " +
		"Records that must be retained need it. It can be turned on for an existing bucket, and never off again.",
	Sources:  []string{"https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html"},
	Controls: policy.Controls{SecurityHub: []string{"S3.15"}, Config: []string{"s3-bucket-default-lock-enabled"}},
	Severity: policy.Low,
	Check: func(in policy.Input) []policy.Finding {
		return switchedOff(in, in.Bucket.Features.ObjectLock, "Object Lock is off; enable it where objects must be retained")
	},
}
