package authz

import (
	"encoding/base64"
	"net/netip"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// compare reports whether some value of the document matches one of the request, before any negation.
func (e *evaluation) compare(op iam.Operator, c *iam.Condition, value string) verdict {
	v := verdict{}
	for _, operand := range c.Values {
		v = v.or(e.compareOne(op, operand, value))
	}
	return v
}

// compareOne compares with one value of the document. What cannot be read, there or in the request, matches nothing;
// whether that makes a negated operator true is not documented, but for what is no ARN.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
func (e *evaluation) compareOne(op iam.Operator, operand *iam.Value, value string) verdict {
	var matches Match
	var readable bool
	var open question
	switch op.Comparison {
	case iam.StringEquals, iam.StringEqualsIgnoreCase, iam.StringLike:
		return e.compareString(op.Comparison, operand, value)
	case iam.ARNEquals, iam.ARNLike:
		return e.compareARN(operand, value, op.Negated)
	case iam.BinaryEquals:
		return compareBinary(operand, value)
	case iam.BoolEquals:
		if e.variable(operand.Text) >= 0 {
			return maybe(operand, openBoolVar)
		}
		matches, readable = compareBool(operand.Text, value)
	case iam.IPAddress:
		matches, readable = compareIP(operand.Text, value)
	default:
		if kind, isDate := strings.CutPrefix(string(op.Comparison), "Date"); isDate {
			matches, open, readable = compareDate(kind, operand.Text, value)
		} else {
			matches, readable = compareNumber(strings.TrimPrefix(kind, "Numeric"), operand.Text, value)
		}
	}
	switch {
	case !readable && op.Comparison == iam.BoolEquals:
		return maybe(operand, openBool)
	case !readable && op.Negated:
		return maybe(operand, openOperand)
	case matches == Maybe:
		return maybe(operand, open)
	}
	return match(matches == Yes, operand)
}

// compareString is StringEquals, StringEqualsIgnoreCase and StringLike; only the last has wildcards.
func (e *evaluation) compareString(how iam.Comparison, operand *iam.Value, value string) verdict {
	compile := glob.Literal
	if how == iam.StringLike {
		compile = glob.Compile
	}
	p, open := e.expand(operand, compile)
	switch {
	case open.match != Yes:
		return open
	case how == iam.StringEqualsIgnoreCase:
		return match(p.MatchFold(value), operand)
	}
	return match(p.Match(value), operand)
}

// compareARN is ArnEquals and ArnLike, which behave alike: six components, each matched by itself.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
func (e *evaluation) compareARN(operand *iam.Value, value string, negated bool) verdict {
	p, open := e.expand(operand, glob.Compile)
	arn, ok := glob.ARNOf(p)
	switch {
	case open.match == Yes && !ok && negated: // as of a value that cannot be read
		return maybe(operand, openShortARN)
	case open.match == Yes && !isARN(value) && negated:
		return maybe(operand, openOperand)
	case open.match != Yes || !isARN(value):
		return open.and(match(isARN(value), operand))
	case ok:
		return match(arn.Match(value), operand)
	}
	// However AWS may read a short pattern, it matches nothing that does not begin like it.
	if glob.Concat(p, glob.Compile("*")).Match(value) {
		return maybe(operand, openShortARN)
	}
	return verdict{}
}

// compareBinary compares base64 text. AWS speaks of the bytes that the text stands for; where that would make a
// difference the answer is open.
func compareBinary(operand *iam.Value, value string) verdict {
	a, errA := base64.StdEncoding.DecodeString(operand.Text)
	b, errB := base64.StdEncoding.DecodeString(value)
	sameText := operand.Text == value
	sameBytes := errA == nil && errB == nil && string(a) == string(b)
	if sameText != sameBytes {
		return maybe(operand, openBinary)
	}
	return match(sameText, operand)
}

// compareBool is Bool; case does not matter.
func compareBool(operand, value string) (matches Match, readable bool) {
	readable = strings.EqualFold(operand, "true") || strings.EqualFold(operand, "false")
	if readable && strings.EqualFold(operand, value) {
		return Yes, true
	}
	return No, readable
}

// compareIP is IpAddress: the operand is a range or one address, and host bits in a range do not count. An address of one
// family lies in no range of the other.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress
func compareIP(operand, value string) (matches Match, readable bool) {
	within, err := netip.ParsePrefix(operand)
	if err != nil {
		one, err := netip.ParseAddr(operand)
		if err != nil || one.Zone() != "" {
			return No, false
		}
		within = netip.PrefixFrom(one, one.BitLen())
	}
	addr, err := netip.ParseAddr(value)
	if err == nil && within.Contains(addr) {
		return Yes, true
	}
	return No, err == nil
}
