package rules

import "github.com/bucketwarden/bucketwarden/policy"

var defaultKeyMissing = &policy.Rule{
	ID:      "BW606",
	Name:    "default-key-missing",
	Summary: "new objects are not encrypted with a key of yours by default",
	Why: "S3 encrypts every object, with a key of its own unless somebody names another. Who may read the object may then " +
		"decrypt it. With a KMS key of yours reading needs a permission on the key as well, which CloudTrail logs and you " +
		"can take away.",
	Sources: []string{
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html",
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html",
	},
	Controls: policy.Controls{SecurityHub: []string{"S3.17"}, Config: []string{"s3-default-encryption-kms"}},
	Severity: policy.Low,
	Check: func(in policy.Input) []policy.Finding {
		return switchedOff(in, in.Bucket.Features.Key, "no KMS key is named for default encryption; name one of yours")
	},
}
