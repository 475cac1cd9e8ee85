package rules

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// Wildcard actions are exempt from the rule that every action has to support every key, as S3 exempts them. So are global
// keys and those of resource types, which AWS lists with some actions and which any request may carry. A key that is
// neither S3's nor global may come with a federated or an instance's session, so there a warning is the most.
var conditionNotApplicable = &policy.Rule{
	ID:      "BW110",
	Name:    "condition-not-applicable",
	Summary: "S3 refuses the condition, or it can never match",
	Why: "S3 refuses operators, keys and addresses that it does not know, and a key that one of the listed actions does " +
		"not support. A value that is not a number or a date never matches: an Allow with it grants nothing, and a Deny " +
		"with it protects nothing. The same goes for an empty or malformed account, organization, VPC, VPC endpoint or " +
		"ARN of a distribution, which S3 accepts. AWS does not say what a boolean other than true and false means, nor how " +
		"it reads dates in undocumented forms.",
	Sources: []string{
		s3Actions,
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html",
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html",
		"https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html",
		"https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html",
	},
	Controls: policy.Controls{AccessAnalyzer: []string{
		"INVALID_CONDITION_OPERATOR", "INVALID_GLOBAL_CONDITION_KEY", "INVALID_SERVICE_CONDITION_KEY",
		"INVALID_CONDITION_KEY_FORMAT", "UNSUPPORTED_ACTION_FOR_CONDITION_KEY",
		"MISSING_ACTION_FOR_CONDITION_KEY", "TYPE_MISMATCH_BOOLEAN", "TYPE_MISMATCH_DATE",
		"TYPE_MISMATCH_IP_RANGE", "TYPE_MISMATCH_NUMBER", "NULL_WITH_IF_EXISTS",
	}},
	Severity: policy.SeverityError,
	Baseline: policy.Deny, Restricted: policy.Deny,
	Check: checkConditions,
}

func checkConditions(in policy.Input) []policy.Finding {
	var out []policy.Finding
	for s := range statements(in) {
		unknown := "" // the operator that was just reported
		for _, c := range s.Condition {
			op, ok := iam.ParseOperator(c.Operator)
			if !ok && c.Operator != unknown {
				unknown = c.Operator
				at := s.Value.Path().Field("Condition").Field(c.Operator)
				out = append(out, about(s, at, "S3 does not know the condition operator %s%s", value(c.Operator),
					operatorNames.nearest(in.Budget, c.Operator)))
			}
			out = append(out, checkKey(in.Budget, s, c)...)
			if ok {
				out = append(out, checkOperands(s, c, op, in.Document.HasVariables())...)
				out = append(out, checkIdentifiers(s, c, op)...)
			}
		}
	}
	return out
}

// checkKey says what is wrong with a condition's key, for each action at most once.
func checkKey(budget space.Budget, s *iam.Statement, c iam.Condition) []policy.Finding {
	key, known := catalog.LookupKey(c.Key)
	if !known {
		meant := c.Key
		if !strings.Contains(meant, ":") {
			meant = "aws:" + meant
		}
		f := about(s, c.Value.Path(), "S3 does not know the condition key %s%s", value(c.Key), keyNames.nearest(budget, meant))
		if !ours(c.Key) {
			f.Ceiling = policy.Warn
		}
		return []policy.Finding{f}
	}
	for _, v := range s.Action {
		if a, named := catalog.LookupAction(v.Text); named && !takes(a, key, c.Key) {
			return []policy.Finding{about(s, c.Value.Path(), "%s does not support the condition key %s, so S3 refuses the statement; "+
				"move the action to a separate statement", v.Text, key.Name)}
		}
	}
	return nil
}

// checkOperands says which operands the operator cannot read. Those with variables are BW112's.
func checkOperands(s *iam.Statement, c iam.Condition, op iam.Operator, variables bool) []policy.Finding {
	shape := operands[op.Comparison]
	if shape.valid == nil {
		return nil
	}
	var out []policy.Finding
	for _, v := range c.Values {
		switch {
		case variables && strings.Contains(v.Text, "${"), unrendered(v.Text, "") != "":
		case !shape.valid(v.Text):
			out = append(out, about(s, v.Path(), "%s under %s is not %s", value(v.Text), c.Operator, shape.want))
		case shape.open != nil && shape.open(v.Text):
			f := about(s, v.Path(), "AWS does not say how it reads the date %s under %s; write a date such as 2026-01-31T00:00:00Z", value(v.Text), c.Operator)
			f.Certainty, f.Ceiling = policy.Undecided, policy.Warn
			out = append(out, f)
		}
	}
	return out
}

// operand is what a comparison can read; those not listed take any text.
type operand struct {
	want  string
	valid func(string) bool
	open  func(string) bool // of what is valid: AWS does not say how it is read; nil for none
}

var (
	number = regexp.MustCompile(`^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)$`)

	aNumber  = operand{"a number", number.MatchString, nil}
	aDate    = operand{"a date, such as 2026-01-31T00:00:00Z", isDate, isOpenDate}
	aBool    = operand{"a boolean; write true or false", isBool, nil}
	operands = map[iam.Comparison]operand{
		iam.IPAddress:                {"an address or CIDR range, such as 203.0.113.0/24", isAddress, nil},
		iam.BoolEquals:               aBool,
		iam.Null:                     aBool,
		iam.NumericEquals:            aNumber,
		iam.NumericLessThan:          aNumber,
		iam.NumericLessThanEquals:    aNumber,
		iam.NumericGreaterThan:       aNumber,
		iam.NumericGreaterThanEquals: aNumber,
		iam.DateEquals:               aDate,
		iam.DateLessThan:             aDate,
		iam.DateLessThanEquals:       aDate,
		iam.DateGreaterThan:          aDate,
		iam.DateGreaterThanEquals:    aDate,
	}
)

func isBool(s string) bool { return strings.EqualFold(s, "true") || strings.EqualFold(s, "false") }

func isDate(s string) bool {
	_, form := authz.ParseDate(s)
	return form != authz.NoDate
}

func isOpenDate(s string) bool {
	_, form := authz.ParseDate(s)
	return form == authz.OpenDate
}

func isAddress(s string) bool {
	if strings.Contains(s, "/") {
		_, err := netip.ParsePrefix(s)
		return err == nil
	}
	a, err := netip.ParseAddr(s)
	return err == nil && a.Zone() == ""
}

// operatorNames are the operators without the quantifiers and IfExists, which few people misspell.
var operatorNames = namesOf(slices.Values([]string{
	"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike",
	"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan",
	"NumericGreaterThanEquals", "DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan",
	"DateGreaterThanEquals", "Bool", "BinaryEquals", "IpAddress", "NotIpAddress", "ArnEquals", "ArnNotEquals", "ArnLike",
	"ArnNotLike", "Null",
}))
