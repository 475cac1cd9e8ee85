package glob

import (
	"strings"
	"unicode"
)

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
	parts := []Pattern{a.parts[0]}
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

// element is one piece of a language, read from left to right: one character of a class, or with star any number.
type element struct {
	char  rune // the character itself, or anyChar, noColon or noChar
	fold  bool // char in any case
	many  bool
	class Class // in the place of char, 0 for none
}

const (
	anyChar rune = -1
	noColon rune = -2
	noChar  rune = -3
)

func (e element) accepts(r rune) bool {
	switch {
	case e.char == anyChar:
		return true
	case e.char == noColon:
		return r != ':'
	case e.class != 0:
		return e.class.in(r)
	case e.fold:
		return fold(r) == e.char
	}
	return r == e.char
}

// elements takes l apart.
func (l Language) elements() []element {
	if l.form >= templated {
		return l.template.elements(l.form == templatedFold)
	}
	if l.form != component {
		return appendElements(nil, l.pattern.code, anyChar, l.form == folded)
	}
	if l.arn == (ARN{}) {
		return []element{{char: noChar}}
	}
	var out []element
	for i, p := range l.arn.parts {
		class := noColon
		if i == len(l.arn.parts)-1 {
			class = anyChar
		}
		if i > 0 {
			out = append(out, element{char: ':'})
		}
		out = appendElements(out, p.code, class, false)
	}
	return out
}

func appendElements(out []element, code string, wildcard rune, fold bool) []element {
	for i, r := range code {
		switch code[i] {
		case starRaw:
			out = append(out, element{char: wildcard, many: true})
		case oneRaw:
			out = append(out, element{char: wildcard})
		default:
			out = append(out, element{char: r, fold: fold})
		}
	}
	return out
}

// spellings returns the characters that fold to r.
func spellings(r rune) []rune {
	out := []rune{r}
	for o := unicode.SimpleFold(r); o != r; o = unicode.SimpleFold(o) {
		if fold(o) == r {
			out = append(out, o)
		}
	}
	return out
}

// example returns a string of l with each `?` and, if fill, each `*` written as one character of its own.
func (l Language) example(fill bool) string {
	var b strings.Builder
	for _, e := range l.elements() {
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
