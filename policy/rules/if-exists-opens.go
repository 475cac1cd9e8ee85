package rules

import (
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// A Deny gets no weaker by IfExists, and a negated operator no more open. ForAllValues is BW801's.
var ifExistsOpens = &policy.Rule{
	ID:      "BW803",
	Name:    "if-exists-opens",
	Summary: "IfExists in an Allow lets in requests without the key",
	Why: "An operator that ends in IfExists holds for every request without the key. In a Deny that is a net for whoever " +
		"lacks it; in an Allow it is a hole: anonymous callers have no organization, and requests from the internet no " +
		"endpoint. Leave IfExists out, and write a statement of its own for those who are meant to come without.",
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists",
		conditionKeys,
	},
	Severity: policy.High,
	Baseline: policy.Warn, Restricted: policy.Deny,
	Access: true,
	Check:  checkIfExists,
}

func checkIfExists(in policy.Input) []policy.Finding {
	var out []policy.Finding
	asked := 0
	for s := range statements(in) {
		for i, c := range s.Condition {
			op, ok := iam.ParseOperator(c.Operator)
			if ok && s.Effect == iam.Allow && op.IfExists && !op.Negated && op.Quantifier != iam.ForAllValues {
				strict := strings.TrimSuffix(c.Operator, "IfExists")
				for _, f := range loosened(in, s, i, strict, &asked) {
					f.Fix = retyped(s, c.Operator, strict, func(iam.Condition) bool { return true })
					out = append(out, f)
				}
			}
		}
	}
	return out
}
