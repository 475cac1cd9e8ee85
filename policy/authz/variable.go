package authz

import (
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// variable returns where the first policy variable of text begins, -1 when there is none. In a document whose version is
// not 2012-10-17 `${` is plain text.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func (e *evaluation) variable(text string) int {
	if !e.doc.HasVariables() {
		return -1
	}
	return strings.Index(text, "${")
}

// expand puts values in the place of policy variables. What surrounds them is read by compile, glob.Compile or
// glob.Literal; a value is plain text, wildcards in it too. The verdict is Yes when the pattern counts, No when a
// variable without a value and without a default lets it match nothing, and Maybe when a variable is malformed.
func (e *evaluation) expand(operand *iam.Value, compile func(string) glob.Pattern) (glob.Pattern, verdict) {
	rest := operand.Text
	start := e.variable(rest)
	if start < 0 {
		return compile(rest), yes(operand)
	}
	var parts []glob.Pattern
	for ; start >= 0; start = e.variable(rest) {
		parts = append(parts, compile(rest[:start]))
		v, after, ok := cutVariable(rest[start+len("${"):])
		if !ok {
			return glob.Pattern{}, maybe(operand, openVariable)
		}
		text, ok := e.value(v)
		if !ok {
			return glob.Pattern{}, verdict{}
		}
		parts, rest = append(parts, glob.Literal(text)), after
	}
	return glob.Concat(append(parts, compile(rest))...), yes(operand)
}

// variable is one policy variable: `${key}` or `${key, 'default'}`, or a literal `${*}`, `${?}`, `${$}`.
type variable struct {
	key        string // "" for a literal
	otherwise  string // the default, or the literal's character
	hasDefault bool
}

// cutVariable reads what follows `${`; after is what follows the closing brace.
func cutVariable(s string) (v variable, after string, ok bool) {
	if len(s) > 1 && strings.ContainsRune("*?$", rune(s[0])) && s[1] == '}' {
		return variable{"", s[:1], true}, s[2:], true
	}
	end := strings.IndexAny(s, ",}{$'")
	if end < 1 {
		return variable{}, "", false
	}
	key, rest := s[:end], s[end:]
	if after, ok = strings.CutPrefix(rest, "}"); ok {
		return variable{key: key}, after, true
	}
	rest, ok = strings.CutPrefix(rest, ", '")
	otherwise, rest, quoted := strings.Cut(rest, "'")
	after, closed := strings.CutPrefix(rest, "}")
	return variable{key, otherwise, true}, after, ok && quoted && closed
}

// value resolves a variable. A key that can have several values has none here; a default stands in for an absent
// key only.
func (e *evaluation) value(v variable) (string, bool) {
	if v.key == "" {
		return v.otherwise, true
	}
	values, present := e.lookup(v.key)
	switch {
	case !present:
		return v.otherwise, v.hasDefault
	case len(values) != 1 || multivalued(v.key):
		return "", false
	}
	return values[0], true
}

// multivalued reports whether requests can carry several values of a key.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
func multivalued(key string) bool {
	k, _ := catalog.LookupKey(key)
	return k.Multivalued
}
