package rules

import (
	"regexp"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// Under any version but 2012-10-17 a variable is literal text, and nothing is wrong with its spelling.
var policyVariable = &policy.Rule{
	ID:      "BW112",
	Name:    "policy-variable",
	Summary: "a policy variable is malformed, unknown, or in a place where none is replaced",
	Why: "Variables are replaced only in the last part of a Resource and in the operands of String and Arn operators. A " +
		"variable that cannot be resolved makes a Resource match nothing and a negated operator match everything: an " +
		"Allow grants less than it says, and a Deny may deny everyone or nobody.",
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html",
	},
	Controls: policy.Controls{AccessAnalyzer: []string{
		"MISSING_BRACE_IN_VARIABLE", "MISSING_QUOTE_IN_VARIABLE", "EMPTY_VARIABLE",
		"UNSUPPORTED_SPACE_IN_VARIABLE", "VARIABLE_UNSUPPORTED_IN_ELEMENT", "INVALID_VARIABLE_FOR_OPERATOR",
	}},
	Severity: policy.SeverityError,
	Baseline: policy.Deny, Restricted: policy.Deny,
	Identities: true, Neighbours: true,
	Check: checkVariables,
}

func checkVariables(in policy.Input) []policy.Finding {
	if in.Document == nil {
		return nil
	}
	var out []policy.Finding
	for s := range statements(in) {
		open := map[*iam.Value]bool{}
		for _, u := range placeholders(s) {
			open[u.value] = true
			out = append(out, about(s, u.value.Path(), "%s", u.wrong))
		}
		if !in.Document.HasVariables() {
			continue
		}
		for _, u := range variableUses(s) {
			if open[u.value] {
				continue
			}
			if u.wrong == "" {
				u.wrong = wrongVariable(in.Budget, u.value.Text)
			}
			if u.wrong != "" {
				out = append(out, about(s, u.value.Path(), "%s", u.wrong))
			}
		}
	}
	return keptByIAM(in, out)
}

// variableForm is ${key}, ${key, 'default'}, or an escaped ${*}, ${?} or ${$}.
var variableForm = regexp.MustCompile(`^\$\{(?:[*?$]|([^{}$*?,']+)(?:, ?'[^']*')?)\}`)

// wrongVariable returns what is wrong with the first bad variable of a text, "" when all are good.
func wrongVariable(budget space.Budget, s string) string {
	for {
		_, rest, found := strings.Cut(s, "${")
		if !found {
			return ""
		}
		s = "${" + rest
		m := variableForm.FindStringSubmatch(s)
		if m == nil {
			return "malformed variable in " + value(s) + "; write ${key} or ${key, 'default'}"
		}
		s = s[len(m[0]):]
		if m[1] == "" {
			continue
		}
		switch key, known := catalog.LookupKey(m[1]); {
		case known && key.Multivalued:
			return "variable " + value(m[1]) + " has several values and matches nothing"
		case !known && ours(m[1]):
			near := keyNames.nearest(budget, m[1])
			if near == "" && !strings.Contains(m[1], ":") {
				near = plainWord
			}
			return "variable " + value(m[1]) + " is not a condition key and matches nothing" + near
		}
	}
}
