package rules

import "github.com/bucketwarden/bucketwarden/policy"

var versioningOff = &policy.Rule{
	ID:      "BW604",
	Name:    "versioning-off",
	Summary: "the bucket keeps no versions of its objects",
	Why: "Without versions an overwrite or a deletion is final, whoever did it and for whatever reason. Replication and " +
		"Object Lock need versions, too. A lifecycle rule for noncurrent versions limits their cost.",
	Sources:  []string{"https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html"},
	Controls: policy.Controls{SecurityHub: []string{"S3.14"}, Config: []string{"s3-bucket-versioning-enabled"}},
	Severity: policy.Medium,
	Check: func(in policy.Input) []policy.Finding {
		return switchedOff(in, in.Bucket.Features.Versioning, "versions are not kept; enable versioning, and expire noncurrent versions with a lifecycle rule")
	},
}
