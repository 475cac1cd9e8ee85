package rules

import (
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// A Deny of everything is what a fence looks like.
var wildcardAction = &policy.Rule{
	ID:      "BW701",
	Name:    "wildcard-action",
	Summary: "a statement allows every action",
	Why: "s3:* includes PutBucketPolicy, PutBucketOwnershipControls and DeleteBucket together with the reads that were " +
		"meant, and every action that AWS will ever add. Whoever has it can grant anything to anyone. List the actions " +
		"that are used; CloudTrail and access advisor show which ones are.",
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
		s3Actions,
	},
	Severity: policy.High,
	Baseline: policy.Warn, Restricted: policy.Deny,
	Access:     true,
	Identities: true,
	Check:      checkWildcardAction,
}

func checkWildcardAction(in policy.Input) []policy.Finding {
	var out []policy.Finding
	changing := "this policy"
	if in.Kind == policy.IdentityPolicy {
		changing = "the policies of buckets"
	}
	for s := range statements(in) {
		if s.Effect != iam.Allow {
			continue
		}
		for _, v := range s.Action {
			if everyAction(v.Text) {
				out = append(out, about(s, v.Path(), "%s allows every S3 action, including changing %s; list the actions "+
					"that are used", value(v.Text), changing))
			}
		}
	}
	return out
}
