package rules

import "github.com/bucketwarden/bucketwarden/policy"

var accessLogOff = &policy.Rule{
	ID:      "BW605",
	Name:    "access-log-off",
	Summary: "requests to the bucket are not logged",
	Why: "Server access logs show who asked for what, also in requests that were refused, and whether a request needed an " +
		"ACL. CloudTrail's data events do so too, and no object of the cluster tells whether those are on.",
	Sources:  []string{"https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html"},
	Controls: policy.Controls{SecurityHub: []string{"S3.9"}, Config: []string{"s3-bucket-logging-enabled"}},
	Severity: policy.Low,
	Check: func(in policy.Input) []policy.Finding {
		return switchedOff(in, in.Bucket.Features.AccessLog, "server access logging is off; name a bucket that the logs go to, unless this one receives logs itself")
	},
}
