package rules

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// A Deny of everything is what a fence looks like.
var wildcardAction = &policy.Rule{
	ID:      "BW701",
	Name:    "wildcard-action",
	Summary: "Allow of every action",
	Why: "s3:* holds PutBucketPolicy, PutBucketOwnershipControls and DeleteBucket beside the reads that were meant, and every " +
		"action that AWS will ever add. Whoever has it can grant anything to anybody. Write the actions that are used; " +
		"CloudTrail and access advisor tell which.",
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
				out = append(out, about(s, v.Path(), "%s allows every action of S3, changing %s included; write those "+
					"that are used", value(v.Text), changing))
			}
		}
	}
	return out
}

// everyAction tells whether a pattern matches all actions of S3, or of S3 Express.
func everyAction(pattern string) bool {
	if !strings.HasSuffix(pattern, "*") {
		return false
	}
	p := glob.Compile(pattern).Fold()
	return slices.ContainsFunc(everything[:], func(names []string) bool {
		return !slices.ContainsFunc(names, func(name string) bool { return !p.Match(name) })
	})
}

// everything is the names of all actions in lower case, by service.
var everything = func() (out [2][]string) {
	for a := range catalog.Actions() {
		name := strings.ToLower(a.Name())
		service := 0
		if strings.HasPrefix(name, "s3express:") {
			service = 1
		}
		out[service] = append(out[service], name)
	}
	return out
}()
