package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/ownership"
)

// PublicACL is BW205, which other packages name.
//
// Only the object that declares the ACL is told, or every sibling would repeat it. The ACL of an object in the bucket, and the
// target grants of server access logs, are as good as the bucket's own.
var PublicACL = &policy.Rule{
	ID:      "BW205",
	Name:    "public-acl",
	Summary: "the ACL grants access to anyone, or to every AWS account",
	Why: "AllUsers is the internet, be it on a bucket, on an object or on server access logs. AuthenticatedUsers is anyone with " +
		"any AWS account, not only people of yours. Block Public Access may hide the grant today, and the bucket is open on the " +
		"day it is turned off. Grant access in a bucket policy, to named principals.",
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
	Check: func(in policy.Input) []policy.Finding {
		return slices.Concat(publicACL(in.Bucket.ACL, ofBucket), publicACL(in.Bucket.ObjectACL, ofObject))
	},
}

// What each public canned ACL comes to, on a bucket and on an object in one, where writing is nothing that an ACL gives.
var (
	ofBucket = map[ownership.ACL]string{
		ownership.PublicRead:        "anyone on the internet can list the bucket; use a bucket policy that names who may",
		ownership.PublicReadWrite:   "anyone on the internet can list, write and delete; use a bucket policy",
		ownership.AuthenticatedRead: "every AWS account can list the bucket; use a bucket policy that names who may",
	}
	ofObject = map[ownership.ACL]string{
		ownership.PublicRead:        "anyone on the internet can read the object; use a bucket policy that names who may",
		ownership.PublicReadWrite:   "anyone on the internet can read the object; use a bucket policy that names who may",
		ownership.AuthenticatedRead: "every AWS account can read the object; use a bucket policy that names who may",
	}
)

func publicACL(acl policy.Fact[policy.ACL], canned map[ownership.ACL]string) []policy.Finding {
	if !acl.Here() {
		return nil
	}
	var out []policy.Finding
	// On its way to S3 it loses the space around it, as every header does.
	name := strings.ToLower(strings.TrimSpace(acl.Value.Canned))
	if message, public := canned[ownership.ACL(name)]; public {
		out = append(out, policy.Finding{
			Field: acl.From, Message: "with ACL " + name + ", " + message,
			Fix: &policy.Fix{Class: policy.Narrowing, Description: "make the ACL private", Set: map[string]any{acl.Field: "private"}},
		})
	}
	message := "the grant of %s gives access to %s; use a bucket policy that names who may have it"
	if acl.Value.Logs {
		message = "the target grant of %s on server access logs is for %s; use a bucket policy that names who may have it"
	}
	for _, g := range acl.Value.Grants {
		whom := ""
		switch {
		case strings.EqualFold(g.URI, ownership.Groups+ownership.AllUsers):
			whom = "anyone on the internet"
		case strings.EqualFold(g.URI, ownership.Groups+ownership.AuthenticatedUsers):
			whom = "every AWS account"
		default:
			continue
		}
		out = append(out, policy.Finding{
			Field: g.Field, Message: fmt.Sprintf(message, value(g.Permission), whom),
		})
	}
	return out
}
