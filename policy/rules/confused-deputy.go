package rules

import (
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// A condition that is there and too wide is BW502's.
var confusedDeputy = &policy.Rule{
	ID:      "BW501",
	Name:    "confused-deputy",
	Summary: "a service can act on behalf of any AWS account",
	Why: "A service principal is the same for all AWS customers. Anyone who knows the bucket's name can tell the service " +
		"to read or write there, and the service will, because the policy allows it. AWS tells S3 for whom the service " +
		"acts: require your account in aws:SourceAccount, your resource in aws:SourceArn, or your organization in " +
		"aws:SourceOrgID.",
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
			out = append(out, ceiled(unsure(in, d.Statement, d.Verdict, "a service can act for any AWS account"))...)
			continue
		}
		if d.asked {
			continue
		}
		f := about(d.Statement, servicesOf(d.Statement), "%s can use %s on behalf of any AWS account; require yours in aws:SourceAccount or "+
			"aws:SourceArn", service(in, d.Witness.Principal), verbatim(d.Witness.Action))
		f.Witness, f.Fix = d.Witness, forOwner(in, d.Statement)
		if !d.sends { // asked for what it does not send, it would be locked out
			f.Certainty, f.Ceiling, f.Fix = policy.Undecided, policy.Audit, nil
			f.Message += ", if the service sends it, which AWS does not say"
		}
		out = append(out, f)
	}
	return out
}
