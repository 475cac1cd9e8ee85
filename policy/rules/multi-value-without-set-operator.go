package rules

import (
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// Null needs no set operator. A statement that is dead whatever the condition means is BW806's.
var multiValueWithoutSetOperator = &policy.Rule{
	ID:      "BW802",
	Name:    "multi-value-without-set-operator",
	Summary: "a multivalued key is used without ForAllValues or ForAnyValue",
	Why: "AWS requires ForAllValues or ForAnyValue on a key that can have many values, and its pages disagree on what " +
		"happens without: either the condition never matches, or it matches when any value fits. So an Allow may allow " +
		"nobody, and a Deny may deny everyone. Write ForAnyValue for \"at least one value is listed\", ForAllValues for " +
		"\"every value is listed\".",
	Sources: []string{
		multivaluedKeys,
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html",
	},
	Controls: policy.Controls{AccessAnalyzer: []string{"MISSING_QUALIFIER"}},
	Severity: policy.High,
	Baseline: policy.Warn, Restricted: policy.Deny,
	Access: true, Neighbours: true,
	Yields: policy.Yields{Document: incomplete},
	Check:  checkSetOperator,
}

func checkSetOperator(in policy.Input) []policy.Finding {
	var out []policy.Finding
	asked := 0
	for s := range statements(in) {
		for _, c := range s.Condition {
			op, ok := unquantified(c)
			if !ok || ofServiceNames(c) {
				continue
			}
			i := s.Value.Path().Statement()
			if asked++; asked <= mostAsked && space.Decides(in.Document, i, in.Budget.Share(space.AdmissionBudget)).Answer == space.None {
				break
			}
			f := about(s, c.Value.Path(), "AWS does not define %s on the multivalued key %s; write %s", c.Operator,
				quoted(c.Key, 40), setOperator(op)+c.Operator)
			f.Certainty = policy.Undecided
			out = append(out, f)
		}
	}
	return out
}
