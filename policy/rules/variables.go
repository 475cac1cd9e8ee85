package rules

import (
	"regexp"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// variableUse is a value with a variable in it, and why none is replaced there, "" where it is.
type variableUse struct {
	value *iam.Value
	wrong string
}

// plainVariable is a variable whose name has no colon, as those of Flux and Terraform, and no key of IAM's.
var plainVariable = regexp.MustCompile(`\$\{[A-Za-z_][A-Za-z0-9_]*\}`)

func variableUses(s *iam.Statement) []variableUse {
	var out []variableUse
	add := func(place string, values ...*iam.Value) {
		for _, v := range values {
			switch {
			case !strings.Contains(v.Text, "${"):
			case place == "":
				out = append(out, variableUse{v, ""})
			case plainVariable.MatchString(v.Text):
				out = append(out, variableUse{v, "no variable is replaced " + place + ", as in " + value(v.Text) + plainWord})
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

// misplacedVariable reports whether a variable stands before the fifth colon of an ARN.
func misplacedVariable(resource string) bool {
	before, _, found := strings.Cut(resource, "${")
	return found && strings.Count(before, ":") < 5
}

// takesVariables reports whether an operator compares text or ARNs. Of an unknown operator BW110 speaks.
func takesVariables(operator string) bool {
	op, known := iam.ParseOperator(operator)
	switch op.Comparison {
	case iam.StringEquals, iam.StringEqualsIgnoreCase, iam.StringLike, iam.ARNEquals, iam.ARNLike:
		return true
	}
	return !known
}
