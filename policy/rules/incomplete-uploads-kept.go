package rules

import "github.com/bucketwarden/bucketwarden/policy"

var incompleteUploadsKept = &policy.Rule{
	ID:      "BW608",
	Name:    "incomplete-uploads-kept",
	Summary: "parts of uploads that were never completed are kept forever",
	Why: "The parts of a multipart upload that was neither completed nor aborted are stored and paid for, and no listing " +
		"of objects shows them. Add a lifecycle rule for the whole bucket that aborts such uploads after some days.",
	Sources:  []string{"https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpu-abort-incomplete-mpu-lifecycle-config.html"},
	Controls: policy.Controls{SecurityHub: []string{"S3.13"}, Config: []string{"s3-lifecycle-policy-check"}},
	Severity: policy.Low,
	Check: func(in policy.Input) []policy.Finding {
		return switchedOff(in, in.Bucket.Features.AbortUploads, "no lifecycle rule aborts incomplete uploads in the whole bucket; add one with abortIncompleteMultipartUpload")
	},
}
