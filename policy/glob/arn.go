package glob

import "strings"

// components is how many there are in an ARN: arn:partition:service:region:account:resource.
const components = 6

// ARN is one pattern of the operators ArnEquals and ArnLike, which behave alike. The zero ARN matches nothing.
//
// The six components are matched one by one and with regard to case, so that no wildcard of the first five
// matches a colon; the sixth, the resource, is all the rest and may hold colons
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN).
// A value matches only when it is an ARN: it begins with `arn:` and has all six components, of which any may be empty.
type ARN struct {
	parts [components]Pattern // parts[0] is `arn`, but in the zero ARN
}

// CompileARN reads s as policy text: `*` and `?` are wildcards. See ARNOf.
func CompileARN(s string) (ARN, bool) {
	return ARNOf(Compile(s))
}

// ARNOf splits p at its first five literal colons. Variables must have been replaced, and colons in their values count.
// It returns the zero ARN and false when there are fewer than six components, or the first does not match `arn`.
//
// A `*` alone is such a case. AWS says that each of the six components is checked separately, and nothing about a
// pattern that has fewer; taken at its word, it matches no value. Callers that must not miss a grant should read
// false as not known.
func ARNOf(p Pattern) (ARN, bool) {
	codes := strings.SplitN(p.code, ":", components)
	if len(codes) < components || !(Pattern{codes[0]}).Match("arn") {
		return ARN{}, false
	}
	codes[0] = "arn"
	var a ARN
	for i, code := range codes {
		a.parts[i] = Pattern{code}
	}
	return a, true
}

// Components returns the patterns for arn, partition, service, region, account and resource.
func (a ARN) Components() [components]Pattern {
	return a.parts
}

// Match reports whether value is an ARN that a matches.
func (a ARN) Match(value string) bool {
	last := components - 1
	for _, part := range a.parts[:last] {
		component, rest, ok := strings.Cut(value, ":")
		if !ok || !part.Match(component) {
			return false
		}
		value = rest
	}
	return a != (ARN{}) && a.parts[last].Match(value)
}

// Includes reports whether a matches every value that inner matches.
func (a ARN) Includes(inner ARN) bool {
	if inner == (ARN{}) {
		return true
	}
	for i := range a.parts {
		if !a.parts[i].Includes(inner.parts[i]) {
			return false
		}
	}
	return true
}

// Overlaps reports whether some value is matched by both a and b.
func (a ARN) Overlaps(b ARN) bool {
	for i := range a.parts {
		if !a.parts[i].Overlaps(b.parts[i]) {
			return false
		}
	}
	return a != (ARN{})
}

// Account returns the ARNs whose account l holds and whose resource the pattern matches. ok is false where l holds no
// account: it is of ARNs, or its text has a colon.
func (l Language) Account(resource Pattern) (_ Language, ok bool) {
	if l.form != exact && l.form != folded || strings.Contains(l.pattern.code, ":") {
		return Language{}, false
	}
	any := Pattern{star}
	return ARN{parts: [components]Pattern{{"arn"}, any, any, any, l.pattern, resource}}.Language(), true
}

// Split returns the ways to cut what p matches at a first colon: before it stands what the one matches, behind it what the
// other does. Neither has a colon in its text.
func (p Pattern) Split() (before, after []Pattern) {
	add := func(b, a string) {
		if !strings.Contains(b, ":") && !strings.Contains(a, ":") {
			before, after = append(before, Concat(Pattern{b})), append(after, Concat(Pattern{a}))
		}
	}
	for i := 0; i < len(p.code); i++ {
		switch p.code[i] {
		case ':', oneRaw:
			add(p.code[:i], p.code[i+1:])
		case starRaw:
			add(p.code[:i+1], p.code[i:])
		}
	}
	return before, after
}
