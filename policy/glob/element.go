package glob

import (
	"slices"
	"unicode"
)

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
	size := components
	for _, p := range l.arn.parts {
		size += len(p.code)
	}
	out := make([]element, 0, size)
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
	out = slices.Grow(out, len(code))
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

// appendSpellings adds the characters that fold to r.
func appendSpellings(out []rune, r rune) []rune {
	out = append(out, r)
	for o := unicode.SimpleFold(r); o != r; o = unicode.SimpleFold(o) {
		if fold(o) == r {
			out = append(out, o)
		}
	}
	return out
}
