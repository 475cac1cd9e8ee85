package authz

import (
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

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
