package authz

import (
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// MatchPrincipal tells whether a statement's Principal or NotPrincipal matches the caller of a request; nothing else of
// the request counts.
func MatchPrincipal(doc *iam.Document, s *iam.Statement, principal string, context Context) Match {
	c, ok := parseCaller(principal)
	if !ok {
		return Maybe
	}
	e := &evaluation{doc: doc, req: &Request{Context: context}, caller: c.in(context), derived: c.keys(), identity: doc.IsIdentityPolicy()}
	return e.principals(s).match
}

// MatchCondition tells whether one condition holds for a key with these values, or for an absent key.
func MatchCondition(doc *iam.Document, c *iam.Condition, values []string, present bool) Match {
	context := Context{}
	if present {
		context[c.Key] = values
	}
	e := &evaluation{doc: doc, req: &Request{Context: context}}
	return e.condition(nil, c).match
}

// DerivedKeys returns the condition keys that follow from a principal, by name.
func DerivedKeys(principal string) Context {
	c, _ := parseCaller(principal)
	out := Context{}
	for _, k := range c.keys() {
		out[k.name] = k.values
	}
	return out
}

// Number is a number as the Numeric operators read it. Equal numbers are equal values of the type.
type Number struct{ decimal }

// ParseNumber reads a value of a Numeric operator.
func ParseNumber(text string) (n Number, ok bool) {
	d, ok := parseDecimal(text)
	return Number{d}, ok
}

// Compare returns the sign of n - m.
func (n Number) Compare(m Number) int { return n.compare(m.decimal) }

// Operand is a text of a document, compiled, with its policy variables resolved as far as they are known.
type Operand struct {
	Pattern   glob.Pattern
	Open      bool // a variable has no known value: Pattern has `*` in its place, so that it matches all that the text can
	Nothing   bool // a variable is absent and has no default: the text matches nothing
	Malformed bool // a variable cannot be read
}

// Resolve returns the value of a condition key, as a pattern that matches it alone. known is false when it may be anything
// or absent.
type Resolve func(key string) (value glob.Pattern, present, known bool)

// Variable is a policy variable of a text: a condition key, and what stands in where a request lacks it.
type Variable struct {
	Key        string
	Default    string
	HasDefault bool
}

// Variables returns the policy variables of a text of a document, in order, without the literals `${*}`, `${?}` and `${$}`;
// and the text with these variables spelled alike, without their defaults. ok is false where one is malformed.
func Variables(doc *iam.Document, text string) (list []Variable, alike string, ok bool) {
	e := &evaluation{doc: doc}
	var b strings.Builder
	for start := e.variable(text); start >= 0; start = e.variable(text) {
		b.WriteString(text[:start])
		v, after, ok := cutVariable(text[start+len("${"):])
		if !ok {
			return nil, "", false
		}
		if v.key == "" {
			b.WriteString("${" + v.otherwise + "}")
		} else {
			b.WriteString("${" + strings.ToLower(v.key) + "}")
			list = append(list, Variable{v.key, v.otherwise, v.hasDefault})
		}
		text = after
	}
	return list, b.String() + text, true
}

// Compile reads text of a document by compile, glob.Compile or glob.Literal, and resolves its variables.
func Compile(doc *iam.Document, text string, compile func(string) glob.Pattern, resolve Resolve) Operand {
	e := &evaluation{doc: doc}
	var out Operand
	var parts []glob.Pattern
	for start := e.variable(text); start >= 0; start = e.variable(text) {
		parts = append(parts, compile(text[:start]))
		v, after, ok := cutVariable(text[start+len("${"):])
		if !ok {
			return Operand{Malformed: true}
		}
		text = after
		if v.key == "" {
			parts = append(parts, glob.Literal(v.otherwise))
			continue
		}
		value, present, known := resolve(v.key)
		switch {
		case !known:
			out.Open = true
			parts = append(parts, glob.Compile("*"))
		case present && !multivalued(v.key):
			parts = append(parts, value)
		case !present && v.hasDefault:
			parts = append(parts, glob.Literal(v.otherwise))
		default:
			out.Nothing = true
		}
	}
	out.Pattern = glob.Concat(append(parts, compile(text))...)
	return out
}
