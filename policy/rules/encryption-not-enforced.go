package rules

import (
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// The keys of the header fields by which an upload chooses its encryption.
const (
	encryptionKey = "s3:x-amz-server-side-encryption-aws-kms-key-id"
	encryption    = "s3:x-amz-server-side-encryption"
)

// An upload that chooses nothing gets the bucket's default, which is BW606's.
var encryptionNotEnforced = &policy.Rule{
	ID:      "BW603",
	Name:    "encryption-not-enforced",
	Summary: "an upload may choose another encryption than with the keys of a Ruleset",
	Why: "Whoever uploads chooses the encryption of the object: with S3's own key, or with any KMS key that he may use, also of " +
		"another account, which the owner of the bucket then cannot read. Only a Deny of the policy holds everybody to one key. " +
		"An upload that chooses nothing gets the default encryption of the bucket.",
	Sources: []string{
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html",
		"https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html",
	},
	Controls:   policy.Controls{Config: []string{"s3-bucket-server-side-encryption-enabled"}},
	Severity:   policy.Low,
	Restricted: policy.Audit,
	Check: func(in policy.Input) []policy.Finding {
		bucket := home(in)
		if bucket == "" || len(in.Keys) == 0 {
			return nil
		}
		deny, ok := denials(in)
		if !ok {
			return nil
		}
		var out []policy.Finding
		for _, keys := range in.Keys {
			out = append(out, checkEncryption(deny, bucket, keys)...)
		}
		return out
	},
}

// checkEncryption asks for an upload with another key, or with none of AWS KMS, that a document of Denies does not deny.
func checkEncryption(deny *iam.Document, bucket string, keys policy.Keys) []policy.Finding {
	for _, other := range []struct {
		what, do  string
		condition condition
	}{
		{
			"with another key than those of ", "deny s3:PutObject under StringNotLikeIfExists " + encryptionKey + " and the keys",
			condition{"Null": {encryptionKey: {"false"}}, "StringNotLike": {encryptionKey: keys.ARNs}},
		},
		{
			"by other means than the keys of ", "deny s3:PutObject under StringNotEqualsIfExists " + encryption + " aws:kms",
			condition{"Null": {encryption: {"false"}}, "StringNotEquals": {encryption: {"aws:kms", "aws:kms:dsse"}}},
		},
	} {
		all := allowing(deny, `"*"`, "s3:PutObject", []string{bucket + "/*"}, other.condition.text())
		v := space.Access(all, space.AnonymousCallers|space.Strangers|space.NamedCallers, space.AdmissionBudget)
		f := policy.Finding{Message: "an upload may be encrypted " + other.what + keys.Name + "; " + other.do, Witness: v.Witness}
		switch v.Answer {
		case space.None:
			continue
		case space.Undecided:
			f.Certainty, f.Message = policy.Undecided, "whether uploads are held to the keys of "+keys.Name+" is undecided; "+other.do
		}
		return []policy.Finding{f}
	}
	return nil
}
