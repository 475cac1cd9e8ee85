package rules

import (
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/ownership"
)

// PublicACL is BW205, which other packages name.
//
// Only the object that declares the ACL is told, or every sibling would repeat it.
var PublicACL = &policy.Rule{
	ID:      "BW205",
	Name:    "public-acl",
	Summary: "the ACL grants access to anyone, or to every AWS account",
	Why: "AllUsers is the internet. AuthenticatedUsers is anyone with any AWS account, not only people of yours. Block " +
		"Public Access may hide the grant today, and the bucket is open on the day it is turned off. Grant access in a " +
		"bucket policy, to named principals.",
	Sources: []string{
		s3ACLs,
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
	},
	Controls: policy.Controls{
		SecurityHub: []string{"S3.2", "S3.3"},
		Config:      []string{"s3-bucket-public-read-prohibited", "s3-bucket-public-write-prohibited"},
	},
	Severity: policy.Critical,
	Baseline: policy.Deny, Restricted: policy.Deny,
	Check: checkPublicACL,
}

func checkPublicACL(in policy.Input) []policy.Finding {
	acl := in.Bucket.ACL
	if !acl.Here() {
		return nil
	}
	var out []policy.Finding
	find := func(field, message string) { out = append(out, policy.Finding{Field: field, Message: message}) }
	canned := func(message string) {
		find(acl.From, message)
		out[0].Fix = &policy.Fix{Class: policy.Narrowing, Description: "make the ACL private", Set: map[string]any{acl.Field: "private"}}
	}
	// On its way to S3 it loses the space around it, as every header does.
	switch strings.ToLower(strings.TrimSpace(acl.Value.Canned)) {
	case "public-read":
		canned("with ACL public-read, anyone on the internet can list the bucket; use a bucket policy that names who may")
	case "public-read-write":
		canned("with ACL public-read-write, anyone on the internet can list, write and delete; use a bucket policy")
	case "authenticated-read":
		canned("with ACL authenticated-read, every AWS account can list the bucket; use a bucket policy that names who may")
	}
	for _, g := range acl.Value.Grants {
		switch {
		case strings.EqualFold(g.URI, ownership.Groups+ownership.AllUsers):
			find(g.Field, "the grant of "+value(g.Permission)+" gives access to anyone on the internet; use a bucket policy that names who may have it")
		case strings.EqualFold(g.URI, ownership.Groups+ownership.AuthenticatedUsers):
			find(g.Field, "the grant of "+value(g.Permission)+" gives access to every AWS account; use a bucket policy that names who may have it")
		}
	}
	return out
}
