package rules

import (
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// AllowNotPrincipal is BW702, which other packages name.
//
// Everybody but a few is the whole internet, whoever the few are.
var AllowNotPrincipal = &policy.Rule{
	ID:      "BW702",
	Name:    "allow-not-principal",
	Summary: "an Allow with NotPrincipal allows everyone except those it names",
	Why: "NotPrincipal in an Allow grants access to everyone who is not named, including anonymous callers and every other " +
		"AWS account. AWS does not support this combination and says not to use it. Name the principals that need access, " +
		"or allow them and deny the exceptions by aws:PrincipalArn.",
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html",
	},
	Controls: policy.Controls{AccessAnalyzer: []string{"ALLOW_WITH_NOTPRINCIPAL"}},
	Severity: policy.Critical,
	Baseline: policy.Deny, Restricted: policy.Deny,
	Access: true, Neighbours: true,
	Check: func(in policy.Input) []policy.Finding {
		var out []policy.Finding
		for s := range statements(in) {
			if s.Effect == iam.Allow && s.NotPrincipal != nil {
				out = append(out, about(s, s.NotPrincipal.Value.Path(), "Allow with NotPrincipal allows everyone who is not "+
					"named, including anonymous callers; name in Principal those who need access"))
			}
		}
		return out
	},
}
