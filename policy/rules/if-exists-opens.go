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
	Summary: "IfExists in an Allow allows requests that lack the key",
	Why: "An operator that ends in IfExists matches every request that lacks the key. In a Deny that catches callers " +
		"without the key. In an Allow it is a hole: anonymous callers have no organization, and requests from the " +
		"internet have no endpoint. Leave IfExists out, and write a separate statement for callers that are allowed " +
		"without the key.",
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
