package rules

import "github.com/bucketwarden/bucketwarden/policy"

var accessLogOff = &policy.Rule{
	ID:      "BW605",
	Name:    "access-log-off",
	Summary: "requests to the bucket are not logged",
	Why: "Server access logs show who asked for what, including requests that were refused, and whether a request needed " +
		"an ACL. CloudTrail's data events show the same, but no object in the cluster tells whether they are on. Name a " +
		"bucket for the logs, unless this bucket receives logs itself.",
	Sources:  []string{"https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html"},
	Controls: policy.Controls{SecurityHub: []string{"S3.9"}, Config: []string{"s3-bucket-logging-enabled"}},
	Severity: policy.Low,
	Check: func(in policy.Input) []policy.Finding {
		return switchedOff(in, in.Bucket.Features.AccessLog, "server access logging is off; name a bucket for the logs, unless this one receives logs itself")
	},
}
