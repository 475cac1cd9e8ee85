package rules

import (
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// In a Deny it refuses more than was meant, which nobody is hurt by who reads a warning.
var setOperatorOnSingleValue = &policy.Rule{
	ID:      "BW801",
	Name:    "set-operator-on-single-value",
	Summary: "ForAllValues on a single-valued key also matches requests without the key",
	Why: "ForAllValues matches when every value of the request is in the list, and so also when the request has no value. " +
		"On a single-valued key it only adds that hole: a condition on the organization allows callers without an " +
		"organization, including anonymous ones. Use the operator without ForAllValues, or ForAnyValue for a multivalued " +
		"key.",
	Sources: []string{
		multivaluedKeys,
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html",
	},
	Controls: policy.Controls{AccessAnalyzer: []string{"FORALLVALUES_WITH_SINGLE_VALUED_KEY"}},
	Severity: policy.Critical,
	Baseline: policy.Deny, Restricted: policy.Deny,
	Access: true, Neighbours: true,
	Check: checkForAllValues,
}

func checkForAllValues(in policy.Input) []policy.Finding {
	var out []policy.Finding
	asked := 0
	for s := range statements(in) {
		for i, c := range s.Condition {
			op, ok := iam.ParseOperator(c.Operator)
			key, known := catalog.LookupKey(c.Key)
			if !ok || !known || op.Quantifier != iam.ForAllValues || key.Multivalued {
				continue
			}
			strict := strings.TrimSuffix(strings.TrimPrefix(c.Operator, "ForAllValues:"), "IfExists")
			switch s.Effect {
			case iam.Allow:
				for _, f := range loosened(in, s, i, strict, &asked) {
					f.Fix = retyped(s, c.Operator, strict, func(d iam.Condition) bool {
						other, known := catalog.LookupKey(d.Key)
						return known && !other.Multivalued
					})
					out = append(out, f)
				}
			case iam.Deny:
				f := about(s, c.Value.Path(), "%s also denies requests without the single-valued key %s; write %s, with "+
					"IfExists if that is meant", c.Operator, key.Name, strict)
				f.Ceiling = policy.Warn
				out = append(out, f)
			}
		}
	}
	return out
}
