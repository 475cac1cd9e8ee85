package rules

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// Where the operator cannot compare the key at all, it is BW110's.
var operatorMismatch = &policy.Rule{
	ID:      "BW804",
	Name:    "operator-mismatch",
	Summary: "an operator compares the key differently from how its value is written",
	Why: "StringEquals treats * as a literal star, so a pattern under it matches nothing. StringLike lets * match across " +
		"the colons of an ARN: a value written for any role of one account also matches accounts that end alike. " +
		"aws:PrincipalArn is the role's ARN in every session of the role, and the root user's ARN only for the root user.",
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_String",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN",
		conditionKeys + "#condition-keys-principalarn",
	},
	Controls: policy.Controls{AccessAnalyzer: []string{
		"WILDCARD_WITHOUT_LIKE_OPERATOR", "STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS",
	}},
	Severity: policy.Medium,
	Baseline: policy.Warn, Restricted: policy.Warn,
	Identities: true,
	Check:      checkOperators,
}

func checkOperators(in policy.Input) []policy.Finding {
	var out []policy.Finding
	for s := range statements(in) {
		for _, c := range s.Condition {
			op, ok := iam.ParseOperator(c.Operator)
			key, known := catalog.LookupKey(c.Key)
			if !ok || !known {
				continue
			}
			for _, v := range c.Values {
				if wrong := misread(op, key, v.Text); wrong != "" {
					f := about(s, v.Path(), "%s", wrong)
					switch {
					case crossesColons(op, key, v.Text):
						f.Fix = withinColons(s, c, op)
					case isSession(key, v.Text):
						f.Fix = withoutSession(c, key, v)
					}
					out = append(out, f)
				}
			}
		}
	}
	return out
}

// misread returns what an operator makes of a value that its author did not mean, "" for nothing.
func misread(op iam.Operator, key catalog.Key, text string) string {
	switch op.Comparison {
	case iam.StringEquals, iam.StringEqualsIgnoreCase:
		// Cost and Usage Reports send an aws:SourceArn that ends in a star, and AWS's page compares it so.
		if key.Presence != catalog.PresenceServicePrincipal && strings.ContainsAny(literal(text), "*?") {
			return string(op.Comparison) + " compares the wildcard in " + value(text) + " as a literal character; write " + like(key)
		}
	case iam.StringLike:
		if crossesColons(op, key, text) {
			return "under StringLike the * in " + value(text) + " also matches colons; write ArnLike"
		}
	case iam.ARNEquals, iam.ARNLike:
	default:
		return ""
	}
	switch {
	case key.Name != principalARN:
		return ""
	case isSession(key, text):
		return "aws:PrincipalArn is never the ARN of a session, as in " + value(text) + "; write the role's ARN, arn:aws:iam::ACCOUNT:role/NAME"
	case strings.HasSuffix(text, ":root"):
		return "aws:PrincipalArn is " + value(text) + " only for the root user; to match an account, write aws:PrincipalAccount"
	}
	return ""
}

const principalARN = "aws:PrincipalArn"

// crossesColons reports whether a star goes beyond the colons of the ARN that it stands in.
func crossesColons(op iam.Operator, key catalog.Key, text string) bool {
	before, _, found := strings.Cut(text, "*")
	return op.Comparison == iam.StringLike && key.Type == catalog.TypeARN && found && strings.Count(before, ":") < 5
}

// withinColons writes ArnLike for StringLike with all keys that are ARNs, which match less then: an Allow becomes narrower by
// that, and a Deny by its negation.
func withinColons(s *iam.Statement, c iam.Condition, op iam.Operator) *policy.Fix {
	if op.Negated != (s.Effect == iam.Deny) {
		return nil
	}
	to := strings.NewReplacer("StringLike", "ArnLike", "StringNotLike", "ArnNotLike").Replace(c.Operator)
	return retyped(s, c.Operator, to, func(d iam.Condition) bool {
		key, known := catalog.LookupKey(d.Key)
		return known && key.Type == catalog.TypeARN
	})
}

// isSession reports whether a caller is compared with an ARN that no caller has.
func isSession(key catalog.Key, text string) bool {
	return key.Name == principalARN && strings.Contains(text, ":assumed-role/")
}

// withoutSession takes a session out that stands beside others.
func withoutSession(c iam.Condition, key catalog.Key, v *iam.Value) *policy.Fix {
	if !slices.ContainsFunc(c.Values, func(o *iam.Value) bool { return !isSession(key, o.Text) }) {
		return nil
	}
	return &policy.Fix{
		Class: policy.Equivalent, Description: "remove the session's ARN, which matches nobody", Edits: []iam.Edit{{At: v.Path()}},
	}
}

// literal is a text without policy variables and escaped characters, which no wildcard of their own is in.
func literal(text string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "${")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		_, text, _ = strings.Cut(rest, "}")
	}
}

func like(key catalog.Key) string {
	if key.Type == catalog.TypeARN {
		return "ArnLike"
	}
	return "StringLike"
}
