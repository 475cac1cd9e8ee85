package rules

import (
	"regexp"
	"slices"
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
	Summary: "a policy variable is malformed, unknown, or stands where none is replaced",
	Why: "Variables are replaced in the last part of a Resource and in the operands of String and Arn operators, and " +
		"nowhere else. One that cannot be resolved makes a Resource match nothing and a negated operator match everything: " +
		"an Allow grants less than it says, and a Deny may hit everybody or nobody.",
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html",
	},
	Controls: policy.Controls{AccessAnalyzer: []string{
		"MISSING_BRACE_IN_VARIABLE", "MISSING_QUOTE_IN_VARIABLE", "EMPTY_VARIABLE",
		"UNSUPPORTED_SPACE_IN_VARIABLE", "VARIABLE_UNSUPPORTED_IN_ELEMENT", "INVALID_VARIABLE_FOR_OPERATOR",
	}},
	Severity: policy.SeverityError,
	Baseline: policy.Deny, Restricted: policy.Deny,
	Identities: true,
	Check:      checkVariables,
}

func checkVariables(in policy.Input) []policy.Finding {
	if in.Document == nil || !in.Document.HasVariables() {
		return nil
	}
	var out []policy.Finding
	for s := range statements(in) {
		for _, u := range variableUses(s) {
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

// variableUse is a value with a variable in it, and why none is replaced there, "" where it is.
type variableUse struct {
	value *iam.Value
	wrong string
}

func variableUses(s *iam.Statement) []variableUse {
	var out []variableUse
	add := func(place string, values ...*iam.Value) {
		for _, v := range values {
			switch {
			case !strings.Contains(v.Text, "${"):
			case place == "":
				out = append(out, variableUse{v, ""})
			default:
				out = append(out, variableUse{v, "no variable is replaced " + place + ", as in " + value(v.Text)})
			}
		}
	}
	for _, p := range [...]*iam.Principal{s.Principal, s.NotPrincipal} {
		if p != nil {
			for _, e := range p.Entries {
				add("in a principal", e.ID)
			}
		}
	}
	add("in an action", slices.Concat(s.Action, s.NotAction)...)
	for _, v := range slices.Concat(s.Resource, s.NotResource) {
		if misplacedVariable(v.Text) {
			add("before the fifth colon of an ARN", v)
		} else {
			add("", v)
		}
	}
	for _, c := range s.Condition {
		if takesVariables(c.Operator) {
			add("", c.Values...)
		} else {
			add("under "+value(c.Operator), c.Values...)
		}
	}
	return out
}

// misplacedVariable tells whether a variable stands before the fifth colon of an ARN.
func misplacedVariable(resource string) bool {
	before, _, found := strings.Cut(resource, "${")
	return found && strings.Count(before, ":") < 5
}

// takesVariables tells whether an operator compares text or ARNs. Of an unknown operator BW110 speaks.
func takesVariables(operator string) bool {
	op, known := iam.ParseOperator(operator)
	switch op.Comparison {
	case iam.StringEquals, iam.StringEqualsIgnoreCase, iam.StringLike, iam.ARNEquals, iam.ARNLike:
		return true
	}
	return !known
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
			return "variable " + value(m[1]) + " has several values, and matches nothing"
		case !known && ours(m[1]):
			return "variable " + value(m[1]) + " is no condition key, and matches nothing" + keyNames.nearest(budget, m[1])
		}
	}
}

// ours tells whether a key would be AWS's own; those of federations have the prefix of their provider. One that only
// looks like AWS's to a reader that folds all of Unicode, such as ſ3, is of no provider.
func ours(key string) bool {
	prefix, _, found := strings.Cut(key, ":")
	return !found || slices.ContainsFunc([]string{"aws", "s3", "s3express"}, func(p string) bool {
		return strings.EqualFold(p, prefix)
	})
}
