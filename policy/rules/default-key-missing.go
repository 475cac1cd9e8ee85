package rules

import "github.com/bucketwarden/bucketwarden/policy"

var defaultKeyMissing = &policy.Rule{
	ID:      "BW606",
	Name:    "default-key-missing",
	Summary: "new objects are not encrypted with your own key by default",
	Why: "S3 encrypts every object, with its own key unless another one is named. Then everyone who may read the object " +
		"may also decrypt it. With your own KMS key, reading also needs a permission on the key, which CloudTrail logs " +
		"and you can take away.",
	Sources: []string{
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html",
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html",
	},
	Controls: policy.Controls{SecurityHub: []string{"S3.17"}, Config: []string{"s3-default-encryption-kms"}},
	Severity: policy.Low,
	Check: func(in policy.Input) []policy.Finding {
		return switchedOff(in, in.Bucket.Features.Key, "default encryption names no KMS key; name one of yours")
	},
}
