package rules

import (
	"github.com/bucketwarden/bucketwarden/policy"
)

// What changes who has access is BW402's, so that each speaks of one thing.
var externalAccess = &policy.Rule{
	ID:      "BW401",
	Name:    "external-access",
	Summary: "an account or organization outside the trust can read, list, write or tag",
	Why: "The trust lists whom you trust. A policy that allows anyone else is either a mistake, or the trust should be " +
		"extended. What counts is who has access, by any principal or condition and after all Denies. Without a trust, " +
		"only the bucket's own account counts as trusted, if it is known.",
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-concepts.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html",
	},
	Controls: policy.Controls{Config: []string{"s3-bucket-policy-grantee-check"}},
	Severity: policy.High,
	Baseline: policy.Warn, Restricted: policy.Deny,
	Accepts: true, Neighbours: true,
	Yields: policy.Yields{Document: incomplete},
	Check:  func(in policy.Input) []policy.Finding { return outsiders(in, grantableBy(in).toUse) },
}
