package rules

import (
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// A condition that is there and too wide is BW502's.
var confusedDeputy = &policy.Rule{
	ID:      "BW501",
	Name:    "confused-deputy",
	Summary: "a service gets in on behalf of any AWS account",
	Why: "A service principal is the same for all customers of AWS: whoever knows the bucket's name can tell the service to read " +
		"or write there, and it will, for it may. AWS passes on for whom the service acts. Name the account in " +
		"aws:SourceAccount, the resource in aws:SourceArn, or the organization in aws:SourceOrgID.",
	Sources: []string{
		confusedDeputies,
		conditionKeys + "#condition-keys-sourceaccount",
	},
	Controls: policy.Controls{AccessAnalyzer: []string{
		"RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL", "RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL",
	}},
	Severity: policy.High,
	Baseline: policy.Warn, Restricted: policy.Deny,
	Access: true,
	Yields: policy.Yields{Document: incomplete},
	Check:  checkConfusedDeputy,
}

func checkConfusedDeputy(in policy.Input) []policy.Finding {
	var out []policy.Finding
	for _, d := range deputies(in) {
		if d.Answer == space.Undecided {
			out = append(out, ceiled(unsure(in, d.Statement, d.Verdict, "a service acts for anybody"))...)
			continue
		}
		if d.asked {
			continue
		}
		f := about(d.Statement, servicesOf(d.Statement), "lets %s use %s for any AWS account; write yours in aws:SourceAccount or "+
			"aws:SourceArn", service(in, d.Witness.Principal), verbatim(d.Witness.Action))
		f.Witness, f.Fix = d.Witness, forOwner(in, d.Statement)
		if !d.sends { // asked for what it does not send, it would be locked out
			f.Certainty, f.Ceiling, f.Fix = policy.Undecided, policy.Audit, nil
			f.Message += ", if the service sends them, which AWS does not say"
		}
		out = append(out, f)
	}
	return out
}
