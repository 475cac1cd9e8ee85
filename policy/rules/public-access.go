package rules

import "github.com/bucketwarden/bucketwarden/policy"

// PublicAccess is BW201, which other packages name.
//
// What is written to is BW202's, so that each speaks of one thing.
var PublicAccess = &policy.Rule{
	ID:      "BW201",
	Name:    "public-access",
	Summary: "anyone on the internet, or any AWS account, can read or list",
	Why: "Principal \"*\" allows everyone. So do principals and conditions with the same effect: a web identity provider, " +
		"a key that requests may lack under a negated operator, IfExists or ForAllValues, a range of half the internet, a " +
		"header that the caller writes. Name the principals, or an organization, account or network. A Deny for everyone " +
		"else counts as well.",
	Sources: []string{
		blockPublicAccess,
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
		conditionKeys,
	},
	Controls: policy.Controls{
		SecurityHub:    []string{"S3.2"},
		Config:         []string{"s3-bucket-public-read-prohibited"},
		AccessAnalyzer: []string{"CheckNoPublicAccess"},
	},
	Severity: policy.Critical,
	Baseline: policy.Deny, Restricted: policy.Deny,
	Accepts: true, Neighbours: true,
	Yields: policy.Yields{Document: incomplete},
	Check:  func(in policy.Input) []policy.Finding { return opening(in, grantableBy(in).reads) },
}
