package rules

import (
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

var forbiddenAccess = &policy.Rule{
	ID:      "BW404",
	Name:    "forbidden-access",
	Summary: "the policy grants what the cluster owner forbids",
	Why: "Some access must never be granted: deleting the bucket, reading the finance prefix, or anything for principals " +
		"outside the organization. The cluster owner writes such requests as policy statements, and the engine looks for " +
		"a request that both the policy and these statements allow.",
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-custom-policy-checks.html",
		"https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckAccessNotGranted.html",
	},
	Controls: policy.Controls{AccessAnalyzer: []string{"CheckAccessNotGranted"}},
	Severity: policy.Critical,
	Baseline: policy.Deny, Restricted: policy.Deny,
	Accepts: true, Neighbours: true,
	Yields: policy.Yields{Document: incomplete},
	Check: func(in policy.Input) []policy.Finding {
		return limited(in, in.Forbidden, "%s forbids it", "it grants what %s forbids", func(doc *iam.Document, l policy.Limit) space.Verdict {
			return space.Granted(doc, l.Document, in.Budget.Share(partBudget), in.Accepted...)
		}, func(*iam.Statement, policy.Limit) *policy.Fix { return nil })
	},
}
