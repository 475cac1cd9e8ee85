package rules

import (
	"github.com/bucketwarden/bucketwarden/policy"
)

var beyondCap = &policy.Rule{
	ID:      "BW405",
	Name:    "beyond-cap",
	Summary: "the policy grants more than the cluster owner allows any policy to grant",
	Why: "A cap is the most that a bucket policy may grant, written as policy statements: these accounts, those actions, " +
		"from that network. Below the cap, teams are free. Denies of the policy count too, so what the policy itself " +
		"denies is not beyond the cap.",
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-custom-policy-checks.html",
		"https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckNoNewAccess.html",
	},
	Controls: policy.Controls{
		Config:         []string{"s3-bucket-policy-not-more-permissive"},
		AccessAnalyzer: []string{"CheckNoNewAccess"},
	},
	Severity: policy.High,
	Baseline: policy.Deny, Restricted: policy.Deny,
	Accepts: true, Neighbours: true,
	Yields: policy.Yields{Document: incomplete},
	Check: func(in policy.Input) []policy.Finding {
		return capped(in, in.Caps, "it is beyond the cap of %s")
	},
}
