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
	Summary: "an upload can use other encryption than the keys of a Ruleset",
	Why: "Whoever uploads an object chooses its encryption: S3's own key, or any KMS key that they may use, even one of " +
		"another account, and then the bucket's owner cannot read the object. Only a Deny in the policy enforces one key. " +
		"An upload that chooses nothing gets the default encryption of the bucket.",
	Sources: []string{
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html",
		"https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html",
	},
	Controls:   policy.Controls{Config: []string{"s3-bucket-server-side-encryption-enabled"}},
	Severity:   policy.Low,
	Restricted: policy.Audit,
	Yields:     policy.Yields{Document: incomplete},
	Check: func(in policy.Input) []policy.Finding {
		bucket := home(in)
		if bucket == "" || len(in.Keys) == 0 {
			return nil
		}
		deny := denials(in)
		var out []policy.Finding
		for _, keys := range in.Keys {
			out = append(out, checkEncryption(in, deny, bucket, keys)...)
		}
		return out
	},
}

// checkEncryption asks for an upload with another key, or with none of AWS KMS, that a document of Denies does not deny.
// The fix denies what is open of the two.
func checkEncryption(in policy.Input, deny *iam.Document, bucket string, keys policy.Keys) []policy.Finding {
	var found []policy.Finding // what the first of the two says, if anything
	var missing []iam.Member
	for _, other := range []struct {
		sid, what, operator, key, but string
		values                        []string
	}{
		{"DenyOtherKeys", "with a key that is not one of ", "StringNotLike", encryptionKey, "none of them", keys.ARNs},
		{
			"DenyOtherEncryption", "without the keys of ", "StringNotEquals", encryption,
			"neither aws:kms nor aws:kms:dsse", []string{"aws:kms", "aws:kms:dsse"},
		},
	} {
		when := condition{"Null": {other.key: {"false"}}, other.operator: {other.key: other.values}}
		all := allowing(deny, `"*"`, "s3:PutObject", []string{bucket + "/*"}, when.text())
		v := space.Access(all, space.AnonymousCallers|space.Strangers|space.NamedCallers, in.Budget.Share(space.AdmissionBudget))
		if v.Answer == space.None {
			continue
		}
		missing = append(missing, member(other.sid, iam.NewObject(
			member("Null", iam.NewObject(member(other.key, iam.NewString("false")))),
			member(other.operator, iam.NewObject(member(other.key, iam.NewStrings(other.values...)))),
		)))
		if len(found) > 0 {
			continue
		}
		do := "; deny s3:PutObject if " + other.key + " is " + other.but
		f := policy.Finding{Message: "an upload can be encrypted " + other.what + keys.Name + do, Witness: v.Witness}
		if v.Answer == space.Undecided {
			f.Certainty, f.Message = policy.Undecided, "it is undecided whether uploads must use the keys of "+keys.Name+do
		}
		found = append(found, f)
	}
	for i := range found {
		found[i].Fix = denied(in, bucket, "deny uploads that do not use the keys of "+keys.Name, "s3:PutObject",
			iam.NewString(bucket+"/*"), missing...)
	}
	return found
}
