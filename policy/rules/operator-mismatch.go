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
	Summary: "an operator compares the key in another way than the value is written for",
	Why: "StringEquals takes * for a star, so that a pattern under it fits nothing. StringLike lets * go beyond the colons of an ARN: " +
		"what is written for any role of one account fits accounts that end alike. And aws:PrincipalArn is the role's ARN in " +
		"every session of it, and that of the root user only when he calls himself.",
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
					f.Fix = reread(s, c, op, v)
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
			return string(op.Comparison) + " takes the wildcard in " + value(text) + " for a character; write " + like(key)
		}
	case iam.StringLike:
		if before, _, found := strings.Cut(text, "*"); key.Type == catalog.TypeARN && found && strings.Count(before, ":") < 5 {
			return "under StringLike the * in " + value(text) + " goes beyond colons; write ArnLike"
		}
	case iam.ARNEquals, iam.ARNLike:
	default:
		return ""
	}
	switch {
	case key.Name != "aws:PrincipalArn":
		return ""
	case isSession(text):
		return "aws:PrincipalArn is never the ARN of a session, as in " + value(text) + "; write the role's, arn:aws:iam::ACCOUNT:role/NAME"
	case strings.HasSuffix(text, ":root"):
		return "aws:PrincipalArn is " + value(text) + " for the root user alone; for an account write aws:PrincipalAccount"
	}
	return ""
}

func isSession(arn string) bool { return strings.Contains(arn, ":assumed-role/") }

// reread is the fix of a value that misread is about. A session beside others is taken out, which changes nothing. Under
// StringLike all patterns of ARNs go to ArnLike, where they match less: an Allow becomes narrower by that, and a Deny by its
// negation.
func reread(s *iam.Statement, c iam.Condition, op iam.Operator, v *iam.Value) *policy.Fix {
	switch {
	case isSession(v.Text):
		if len(c.Values) < 2 || slices.IndexFunc(c.Values, func(o *iam.Value) bool { return !isSession(o.Text) }) < 0 {
			return nil
		}
		return &policy.Fix{
			Class: policy.Equivalent, Description: "remove the session, which nobody is", Edits: []iam.Edit{{At: v.Path()}},
		}
	case op.Comparison != iam.StringLike || op.Negated != (s.Effect == iam.Deny):
		return nil
	}
	to := strings.Replace(strings.Replace(c.Operator, "StringLike", "ArnLike", 1), "StringNotLike", "ArnNotLike", 1)
	return retyped(s, c.Operator, to, func(d iam.Condition) bool {
		key, known := catalog.LookupKey(d.Key)
		return known && key.Type == catalog.TypeARN
	})
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
