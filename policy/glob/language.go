package glob

import "strings"

// Language is a set of strings: what a Pattern matches, with or without regard to case, what an ARN does, or what has the
// form of a Template. Languages are values; two that are equal hold the same strings.
type Language struct {
	pattern  Pattern
	arn      ARN
	template Template
	form     form
}

type form uint8

const (
	exact form = iota
	folded
	component
	templated
	templatedFold
)

// Language returns the strings that p matches.
func (p Pattern) Language() Language { return Language{pattern: p} }

// FoldLanguage returns the strings that p matches without regard to case.
func (p Pattern) FoldLanguage() Language { return Language{pattern: p.Fold(), form: folded} }

// Language returns the strings that a matches.
func (a ARN) Language() Language { return Language{arn: a, form: component} }

// Unwrap returns the pattern of a language that is one, and whether case does not matter. ok is false for other forms.
func (l Language) Unwrap() (p Pattern, fold, ok bool) {
	return l.pattern, l.form == folded, l.form == exact || l.form == folded
}

// Has reports whether the language holds s.
func (l Language) Has(s string) bool {
	switch l.form {
	case folded:
		return l.pattern.MatchFold(s)
	case component:
		return l.arn.Match(s)
	case templated, templatedFold:
		return acceptsAll(l.elements(), s)
	}
	return l.pattern.Match(s)
}

// Includes reports whether l is known to hold all of inner. It is exact for two languages of the same form; of two
// different forms it recognises some cases, and false then means nothing.
func (l Language) Includes(inner Language) bool {
	switch {
	case l.form == component && inner.form == component:
		return l.arn.Includes(inner.arn)
	case l.form >= templated:
		return l == inner
	case l.form == component && inner.form == templated:
		arn, ok := ARNOf(inner.template.widest())
		return ok && l.arn.Includes(arn)
	case l.form == component:
		return false
	case inner.form >= templated:
		return (l.form == exact && inner.form == templated || l.pattern == Compile("*")) && l.pattern.Includes(inner.template.widest())
	case inner.form == component:
		return l.form == exact && l.pattern.Includes(inner.arn.crossing())
	case l.form == folded:
		return l.pattern.Includes(inner.pattern.Fold())
	case inner.form == folded:
		return l.pattern == Compile("*")
	}
	return l.pattern.Includes(inner.pattern)
}

// Disjoint reports whether the two are known to share no string.
func (l Language) Disjoint(m Language) bool {
	if l.form == component && m.form == component {
		return !l.arn.Overlaps(m.arn)
	}
	p, q := l.widest(), m.widest()
	if l.folds() || m.folds() {
		p, q = p.Fold(), q.Fold()
	}
	return !p.Overlaps(q)
}

// widest returns a pattern that holds all of l, up to case.
func (l Language) widest() Pattern {
	switch {
	case l.form == component:
		return l.arn.crossing()
	case l.form >= templated:
		return l.template.widest()
	}
	return l.pattern
}

// folds reports whether the language holds its strings without regard to case.
func (l Language) folds() bool { return l.form == folded || l.form == templatedFold }

// crossing returns the pattern whose wildcards also match colons: it includes the ARN.
func (a ARN) crossing() Pattern {
	colon := Literal(":")
	parts := append(make([]Pattern, 0, 2*components), a.parts[0])
	for _, p := range a.parts[1:] {
		parts = append(parts, colon, p)
	}
	return Concat(parts...)
}

// Weight returns how much it takes to hold languages against others: 1 for each, and more for a long one. What two lists take
// is the product of their weights.
func Weight(languages []Language) int {
	const each = 64 // bytes
	n := len(languages)
	for _, l := range languages {
		size := len(l.pattern.code)
		for _, p := range l.arn.parts {
			size += len(p.code)
		}
		n += size / each
	}
	return n
}

// example returns a string of l with each `?` and, if fill, each `*` written as one character of its own.
func (l Language) example(fill bool) string {
	var b strings.Builder
	elements := l.elements()
	b.Grow(len(elements))
	for _, e := range elements {
		switch {
		case e.many && !fill:
		case e.class == Digit:
			b.WriteByte('1')
		case e.char < 0:
			b.WriteString(free)
		default:
			b.WriteRune(e.char)
		}
	}
	return b.String()
}
