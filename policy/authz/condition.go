package authz

import (
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// condition reads one operator and key of a statement.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
func (e *evaluation) condition(s *iam.Statement, c *iam.Condition) verdict {
	values, present := e.lookup(c.Key)
	v := maybe(c.Value, openOperator)
	if op, ok := iam.ParseOperator(c.Operator); ok {
		v = e.holds(op, c, values, present)
	}
	e.trace.condition(e, s, c, values, present, v)
	return v
}

func (e *evaluation) holds(op iam.Operator, c *iam.Condition, values []string, present bool) verdict {
	switch {
	case op.Comparison == iam.Null:
		return null(c, values, present)
	case !present:
		return absent(op, c)
	case len(values) == 0:
		return empty(op, c)
	}
	switch op.Quantifier {
	case iam.ForAllValues:
		v := yes(nil)
		for _, value := range values {
			v = v.and(e.test(op, c, value))
		}
		if blank(values) && v.match != Yes {
			return maybe(c.Value, openNoValue)
		}
		return v
	case iam.ForAnyValue:
		v := verdict{}
		for _, value := range values {
			v = v.or(e.test(op, c, value))
		}
		return v
	}
	return e.single(op, c, values)
}

// single is an operator without quantifier. With a key that can have several values AWS asks for a quantifier: who leaves
// it out gets no match, by one account, and a match of any value, or of none under a negated operator, by another.
func (e *evaluation) single(op iam.Operator, c *iam.Condition, values []string) verdict {
	if len(values) == 1 && !multivalued(c.Key) {
		return e.test(op, c, values[0])
	}
	v := verdict{}
	for _, value := range values {
		v = v.or(e.compare(op, c, value))
	}
	if op.Negated {
		v = v.not()
	}
	return v.and(maybe(c.Value, openSetOperator))
}

// test compares one value of the request with those of the document: some of them matches, or none does under a
// negated operator.
func (e *evaluation) test(op iam.Operator, c *iam.Condition, value string) verdict {
	v := e.compare(op, c, value)
	if op.Negated {
		return v.not()
	}
	return v
}

// absent is the answer for a key that the request does not carry.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists
func absent(op iam.Operator, c *iam.Condition) verdict {
	switch {
	case op.Quantifier == iam.ForAllValues:
		return yes(nil)
	case op.Quantifier == iam.ForAnyValue && (op.Negated || op.IfExists):
		return maybe(c.Value, openForAnyValue)
	}
	return match(op.Quantifier == iam.None && (op.Negated || op.IfExists), nil)
}

// empty is the answer for a key that the request carries with an empty list. The quantifiers treat it like an absent one.
func empty(op iam.Operator, c *iam.Condition) verdict {
	v := absent(op, c)
	if op.Quantifier == iam.None && v.match == Yes {
		return maybe(c.Value, openNoValue)
	}
	return v
}

// null asks whether the key is absent ("true") or present ("false"). A value that is empty is a value: AWS's own reference
// for CheckNoNewAccess has it that a Deny of requests without a tag leaves those with any value of it, "*", alone.
//
// https://github.com/aws-samples/iam-access-analyzer-custom-policy-check-samples
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Null
func null(c *iam.Condition, values []string, present bool) verdict {
	v := verdict{}
	for _, operand := range c.Values {
		asksAbsent, asksPresent := strings.EqualFold(operand.Text, "true"), strings.EqualFold(operand.Text, "false")
		switch {
		case present && len(values) == 0 && (asksAbsent || asksPresent):
			v = v.or(maybe(operand, openNoValue))
		case !asksAbsent && !asksPresent:
			v = v.or(maybe(operand, openBool))
		default:
			v = v.or(match(asksAbsent && !present || asksPresent && present, operand))
		}
	}
	return v
}

// blank reports whether there is no value but the empty string, which AWS calls a null value in places.
func blank(values []string) bool {
	for _, v := range values {
		if v != "" {
			return false
		}
	}
	return true
}
