package rules

import (
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// In a Deny both are the usual way to spare a few.
var allowNotAction = &policy.Rule{
	ID:      "BW703",
	Name:    "allow-not-action",
	Summary: "Allow with NotAction or NotResource grants all that is not named",
	Why: "An Allow that names what is left out grants the rest: NotAction s3:DeleteBucket is PutBucketPolicy and " +
		"PutBucketOwnershipControls too, and every action that AWS will ever add. NotResource with a prefix is the bucket " +
		"itself and each prefix made later. Write what is meant, or deny what is not.",
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html",
	},
	Severity: policy.High,
	Baseline: policy.Warn, Restricted: policy.Deny,
	Check: checkAllowNot,
}

func checkAllowNot(in policy.Input) []policy.Finding {
	var out []policy.Finding
	for s := range statements(in) {
		if s.Effect != iam.Allow {
			continue
		}
		if v := s.Value.Member("NotAction"); v != nil && s.Action == nil {
			out = append(out, about(s, v.Path(), "Allow with NotAction grants every action that is not named, those to come "+
				"as well; name in Action those that are used"))
		}
		if v := s.Value.Member("NotResource"); v != nil && s.Resource == nil {
			out = append(out, about(s, v.Path(), "Allow with NotResource grants all that is not named, the bucket itself as "+
				"well; name in Resource what is meant"))
		}
	}
	return out
}
