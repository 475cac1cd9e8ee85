package iam

import "strings"

// Quantifier says how a condition treats a key with several values.
type Quantifier string

// The quantifiers; None is a single-valued comparison.
const (
	None         Quantifier = ""
	ForAllValues Quantifier = "ForAllValues"
	ForAnyValue  Quantifier = "ForAnyValue"
)

// Operator is a condition operator taken apart: ForAnyValue:StringNotLikeIfExists is
// {ForAnyValue, StringLike, negated, if exists}.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
type Operator struct {
	Quantifier Quantifier
	Comparison Comparison
	Negated    bool
	IfExists   bool
}

// Comparison is what an operator compares, without its negation: StringNotEquals compares by StringEquals.
type Comparison string

// The comparisons. ArnEquals and ArnLike behave alike; Null asks only whether the key is there.
const (
	StringEquals             Comparison = "StringEquals"
	StringEqualsIgnoreCase   Comparison = "StringEqualsIgnoreCase"
	StringLike               Comparison = "StringLike"
	NumericEquals            Comparison = "NumericEquals"
	NumericLessThan          Comparison = "NumericLessThan"
	NumericLessThanEquals    Comparison = "NumericLessThanEquals"
	NumericGreaterThan       Comparison = "NumericGreaterThan"
	NumericGreaterThanEquals Comparison = "NumericGreaterThanEquals"
	DateEquals               Comparison = "DateEquals"
	DateLessThan             Comparison = "DateLessThan"
	DateLessThanEquals       Comparison = "DateLessThanEquals"
	DateGreaterThan          Comparison = "DateGreaterThan"
	DateGreaterThanEquals    Comparison = "DateGreaterThanEquals"
	BoolEquals               Comparison = "Bool"
	BinaryEquals             Comparison = "BinaryEquals"
	IPAddress                Comparison = "IpAddress"
	ARNEquals                Comparison = "ArnEquals"
	ARNLike                  Comparison = "ArnLike"
	Null                     Comparison = "Null"
)

// ParseOperator takes an operator apart. False for a name that AWS does not know. Names are case-sensitive: IAM
// answers stringEquals with "Invalid Condition type". Null takes neither a quantifier nor IfExists.
func ParseOperator(s string) (Operator, bool) {
	var op Operator
	if quantifier, rest, ok := strings.Cut(s, ":"); ok {
		op.Quantifier, s = Quantifier(quantifier), rest
		if op.Quantifier != ForAllValues && op.Quantifier != ForAnyValue {
			return Operator{}, false
		}
	}
	s, op.IfExists = strings.CutSuffix(s, "IfExists")
	switch s {
	case "StringNotEquals", "StringNotEqualsIgnoreCase", "StringNotLike", "NumericNotEquals", "DateNotEquals",
		"ArnNotEquals", "ArnNotLike", "NotIpAddress":
		op.Negated = true
		s = strings.Replace(s, "Not", "", 1)
	}
	op.Comparison = Comparison(s)
	switch op.Comparison {
	case StringEquals, StringEqualsIgnoreCase, StringLike, NumericEquals, NumericLessThan, NumericLessThanEquals,
		NumericGreaterThan, NumericGreaterThanEquals, DateEquals, DateLessThan, DateLessThanEquals, DateGreaterThan,
		DateGreaterThanEquals, BoolEquals, BinaryEquals, IPAddress, ARNEquals, ARNLike:
		return op, true
	case Null:
		if !op.IfExists && op.Quantifier == None {
			return op, true
		}
	}
	return Operator{}, false
}
