package rules

import (
	"slices"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// Null needs no set operator. A statement that is dead whatever the condition means is BW806's.
var multiValueWithoutSetOperator = &policy.Rule{
	ID:      "BW802",
	Name:    "multi-value-without-set-operator",
	Summary: "a key with many values under an operator without ForAllValues or ForAnyValue",
	Why: "AWS asks for ForAllValues or ForAnyValue on a key that can have many values, and does not say in one voice what " +
		"happens without: by one account the condition never holds, by another it holds when any value fits. An Allow may then " +
		"let in nobody, and a Deny everybody. Write ForAnyValue for \"one of them is listed\", ForAllValues for \"no other is\".",
	Sources: []string{
		multivaluedKeys,
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html",
	},
	Controls: policy.Controls{AccessAnalyzer: []string{"MISSING_QUALIFIER"}},
	Severity: policy.High,
	Baseline: policy.Warn, Restricted: policy.Deny,
	Access: true,
	Check:  checkSetOperator,
}

func checkSetOperator(in policy.Input) []policy.Finding {
	var out []policy.Finding
	asked := 0
	for s := range statements(in) {
		for _, c := range s.Condition {
			op, ok := unquantified(c)
			if !ok || ofServiceNames(c) || len(checkMissingElement(in)) > 0 {
				continue
			}
			i := s.Value.Path().Statement()
			if asked++; asked <= mostAsked && space.Decides(in.Document, i, in.Budget.Share(space.AdmissionBudget)).Answer == space.None {
				break
			}
			f := about(s, c.Value.Path(), "AWS leaves open what %s does to the list %s; write %s", c.Operator,
				quoted(c.Key, 40), setOperator(op)+c.Operator)
			f.Certainty = policy.Undecided
			out = append(out, f)
		}
	}
	return out
}

// setOperator is the one that is mostly meant where it is missing.
func setOperator(op iam.Operator) string {
	if op.Negated {
		return "ForAllValues:" // none of them is listed
	}
	return "ForAnyValue:" // one of them is
}

// unquantified tells whether a condition lacks the set operator that its key asks for.
func unquantified(c iam.Condition) (iam.Operator, bool) {
	op, ok := iam.ParseOperator(c.Operator)
	key, known := catalog.LookupKey(c.Key)
	return op, ok && known && key.Multivalued && op.Quantifier == iam.None && op.Comparison != iam.Null
}

// anyValue returns a document by the wider of the two readings: an Allow whose condition wants some value of a list is read as
// wanting any of them. ok is false where nothing is read in two ways.
func anyValue(doc *iam.Document) (wide *iam.Document, ok bool) {
	wide = only(doc, func(*iam.Statement) bool { return true })
	for i := range wide.Statements {
		s := &wide.Statements[i]
		for j, c := range s.Condition {
			if op, lacks := unquantified(c); lacks && s.Effect == iam.Allow && !op.Negated {
				s.Condition = slices.Clone(s.Condition)
				s.Condition[j].Operator = "ForAnyValue:" + c.Operator
				ok = true
			}
		}
	}
	return wide, ok
}
