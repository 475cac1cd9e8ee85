package space

import (
	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// Grade says what counts as a loss where ACLs are disabled.
type Grade uint8

// The grades. AWS's pages disagree on whether a request to set an ACL that says what holds anyway succeeds: the API
// reference says that requests to set ACLs fail, the user guide excepts bucket-owner-full-control.
const (
	// Effect: setting an ACL never does anything, so that no such request is a loss.
	Effect Grade = iota
	// Outcome: only what S3 surely answers with an error is no loss.
	Outcome
)

// Refusals returns, as a document that allows them, the requests that S3 refuses or lets go without effect while Object
// Ownership is BucketOwnerEnforced. owner is the account of the bucket, "" when unknown.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectAcl.html
func Refusals(grade Grade, owner string) *iam.Document {
	var writes []string
	for a := range catalog.ACLWrites() {
		writes = append(writes, a.Name())
	}
	// A canned ACL in the header that is not the owner's own. Who sends none, or says it in the body, is not seen.
	foreign := map[string]any{
		"Null":            map[string]any{"s3:x-amz-acl": "false"},
		"StringNotEquals": map[string]any{"s3:x-amz-acl": "bucket-owner-full-control"},
	}
	set := map[string]any{"Effect": iam.Allow, "Principal": "*", "Action": writes, "Resource": "*"}
	if grade == Outcome {
		set["Condition"] = foreign
	}
	statements := []any{set}
	if owner != "" {
		// A writer of another account; one of the owner's own may send "private", which changes nothing.
		statements = append(statements, map[string]any{
			"Effect": iam.Allow, "Principal": "*", "Action": "s3:PutObject", "Resource": "*",
			"Condition": map[string]any{
				"Null": map[string]any{"s3:x-amz-acl": "false"},
				"StringNotEquals": map[string]any{
					"s3:x-amz-acl": "bucket-owner-full-control", "aws:PrincipalAccount": owner,
				},
			},
		})
	}
	return iam.NewDocument(statements...)
}
