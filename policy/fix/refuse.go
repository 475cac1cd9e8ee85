package fix

import (
	"maps"
	"sync"

	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/ownership"
)

// aclHeader is the key of a canned ACL in the header. Who sends none, or says it in another way, is not seen.
const aclHeader = "s3:x-amz-acl"

// Refusals returns, as a document that allows them, the requests whose loss a grade does not count while Object Ownership
// is BucketOwnerEnforced: under OutcomeEquivalent what S3 surely answers with an error, under EffectEquivalent every request
// to set an ACL. owner is the account of the bucket, "" when unknown. The uploads in it are those of other accounts alone:
// RefusedUploads has more. With names of buckets it has only the requests to them.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectAcl.html
func Refusals(grade Grade, owner string, buckets ...string) *iam.Document {
	if made, ok := usualRefusals[grade]; ok && owner == "" && len(buckets) == 0 {
		return made()
	}
	return refusals(grade, owner, buckets)
}

// usualRefusals are those of any owner and to any bucket: made once, as nearly all patches ask for them.
var usualRefusals = map[Grade]func() *iam.Document{
	OutcomeEquivalent: sync.OnceValue(func() *iam.Document { return refusals(OutcomeEquivalent, "", nil) }),
	EffectEquivalent:  sync.OnceValue(func() *iam.Document { return refusals(EffectEquivalent, "", nil) }),
}

func refusals(grade Grade, owner string, buckets []string) *iam.Document {
	var writes []string
	for a := range catalog.ACLWrites() {
		writes = append(writes, a.Name())
	}
	resources := []string{"*"}
	if len(buckets) > 0 {
		resources = arnsOf(buckets)
	}
	set := map[string]any{"Effect": iam.Allow, "Principal": "*", "Action": writes, "Resource": resources}
	if grade == OutcomeEquivalent {
		set["Condition"] = foreign(nil)
	}
	if len(buckets) > 0 {
		return iam.NewDocument(set)
	}
	return iam.NewDocument(append([]any{set}, uploadsOfOthers(owner)...)...)
}

// arnsOf returns the ARNs of buckets and of what is in them, in every partition.
func arnsOf(buckets []string) []string {
	var out []string
	for _, part := range []string{"aws", "aws-cn", "aws-us-gov"} {
		for _, b := range buckets {
			arn := "arn:" + part + ":s3:::" + b
			out = append(out, arn, arn+"/*")
		}
	}
	return out
}

// RefusedUploads returns, as a document that allows them, the uploads that S3 refuses for their ACL while Object Ownership is
// BucketOwnerEnforced: a canned one, or a grant to a group. owner is the account of the bucket, "" when unknown.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-ownership-error-responses.html
func RefusedUploads(owner string) *iam.Document {
	refused, _ := ownership.Refused(ownership.SameAccount) // and from other accounts too
	all := []any{upload(map[string]any{"StringEquals": map[string]any{aclHeader: refused}})}
	for _, header := range []string{"read", "write", "read-acp", "write-acp", "full-control"} {
		all = append(all, upload(map[string]any{"StringLike": map[string]any{"s3:x-amz-grant-" + header: "*uri=*"}}))
	}
	return iam.NewDocument(append(all, uploadsOfOthers(owner)...)...)
}

// uploadsOfOthers are the uploads that are refused of who is known to be of another account than the owner's. One of the
// owner's own may send "private", which changes nothing.
func uploadsOfOthers(owner string) []any {
	if owner == "" {
		return nil
	}
	return []any{upload(foreign(map[string]any{"aws:PrincipalAccount": owner}))}
}

// foreign is the condition that the header has an ACL which S3 accepts from no other account, and that no condition in not
// holds.
func foreign(not map[string]any) map[string]any {
	_, accepted := ownership.Refused(ownership.OtherAccount)
	unlike := map[string]any{aclHeader: accepted}
	maps.Copy(unlike, not)
	return map[string]any{"Null": map[string]any{aclHeader: "false"}, "StringNotEquals": unlike}
}

func upload(condition map[string]any) any {
	return map[string]any{"Effect": iam.Allow, "Principal": "*", "Action": "s3:PutObject", "Resource": "*", "Condition": condition}
}
