package iam

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

// Textual reports whether the comparison is of strings or ARNs.
func (c Comparison) Textual() bool {
	switch c {
	case StringEquals, StringEqualsIgnoreCase, StringLike, ARNEquals, ARNLike:
		return true
	}
	return false
}

// ParseOperator takes an operator apart. False for a name that AWS does not know. Names are case-sensitive: IAM
// answers stringEquals with "Invalid Condition type". Null takes neither a quantifier nor IfExists.
func ParseOperator(s string) (Operator, bool) {
	op, ok := operators[s]
	return op, ok
}

// operators has every name of an operator.
var operators = func() map[string]Operator {
	negated := map[Comparison]string{
		StringEquals: "StringNotEquals", StringEqualsIgnoreCase: "StringNotEqualsIgnoreCase", StringLike: "StringNotLike",
		NumericEquals: "NumericNotEquals", DateEquals: "DateNotEquals", ARNEquals: "ArnNotEquals", ARNLike: "ArnNotLike",
		IPAddress: "NotIpAddress",
	}
	out := map[string]Operator{string(Null): {Comparison: Null}}
	for _, c := range [...]Comparison{
		StringEquals, StringEqualsIgnoreCase, StringLike, NumericEquals, NumericLessThan, NumericLessThanEquals,
		NumericGreaterThan, NumericGreaterThanEquals, DateEquals, DateLessThan, DateLessThanEquals, DateGreaterThan,
		DateGreaterThanEquals, BoolEquals, BinaryEquals, IPAddress, ARNEquals, ARNLike,
	} {
		for _, q := range [...]Quantifier{None, ForAllValues, ForAnyValue} {
			prefix := ""
			if q != None {
				prefix = string(q) + ":"
			}
			for _, suffix := range [...]string{"", "IfExists"} {
				out[prefix+string(c)+suffix] = Operator{q, c, false, suffix != ""}
				if name, ok := negated[c]; ok {
					out[prefix+name+suffix] = Operator{q, c, true, suffix != ""}
				}
			}
		}
	}
	return out
}()
