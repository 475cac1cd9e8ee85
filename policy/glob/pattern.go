package glob

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The wildcards of a compiled pattern are two bytes that UTF-8 never uses, so that a literal `*` stays a literal.
const (
	starRaw byte = 0xfe
	oneRaw  byte = 0xff
	star         = "\xfe"
	one          = "\xff"
)

// Pattern is one compiled IAM wildcard pattern. The zero Pattern matches only the empty string.
// Patterns are values: two are equal with == exactly when they match the same strings, for a run of wildcards is
// kept as its `?`s and then at most one `*`.
type Pattern struct {
	code string // valid UTF-8 but for the two wildcard bytes
}

// Compile reads s as policy text: `*` and `?` are wildcards.
func Compile(s string) Pattern {
	return Pattern{normal(valid(s), '*', '?')}
}

// Literal reads s as plain text, `*` and `?` too: the value of a policy variable, or what `${*}` and `${?}` stand for.
func Literal(s string) Pattern {
	return Pattern{valid(s)}
}

// Concat returns the pattern for what the parts match, one after another.
func Concat(parts ...Pattern) Pattern {
	size := 0
	for _, p := range parts {
		size += len(p.code)
	}
	var b strings.Builder
	b.Grow(size)
	for _, p := range parts {
		b.WriteString(p.code)
	}
	return Pattern{normal(b.String(), starRaw, oneRaw)}
}

// IsLiteral reports whether p has no wildcard, so that it matches the one string p.Text().
func (p Pattern) IsLiteral() bool {
	return len(p.Prefix()) == len(p.code)
}

// Text returns the one string that a literal pattern matches. For any other pattern it returns policy text for
// people to read: `*` and `?` are the wildcards, and literal ones are spelled `${*}` and `${?}`.
func (p Pattern) Text() string {
	if p.IsLiteral() {
		return p.code
	}
	return strings.NewReplacer("*", "${*}", "?", "${?}", star, "*", one, "?").Replace(p.code)
}

// Fold returns the pattern that matches s with every character lower-cased exactly when p.MatchFold(s).
// Ask Includes and Overlaps of folded patterns to get their answers without regard to case.
func (p Pattern) Fold() Pattern {
	var b strings.Builder
	b.Grow(len(p.code))
	for rest := p.code; rest != ""; {
		r, n := utf8.DecodeRuneInString(rest)
		if rest[0] >= starRaw {
			b.WriteByte(rest[0])
		} else {
			b.WriteRune(fold(r))
		}
		rest = rest[n:]
	}
	return Pattern{b.String()}
}

// Prefix returns the literal text before the first wildcard, all of it when there is none.
func (p Pattern) Prefix() string {
	for i := range len(p.code) {
		if p.code[i] >= starRaw {
			return p.code[:i]
		}
	}
	return p.code
}

// Suffix returns the literal text after the last wildcard, all of it when there is none.
func (p Pattern) Suffix() string {
	for i := len(p.code); i > 0; i-- {
		if p.code[i-1] >= starRaw {
			return p.code[i:]
		}
	}
	return p.code
}

func (p Pattern) starred() bool {
	return strings.Contains(p.code, star)
}

// valid replaces each byte of s that is no UTF-8 with U+FFFD.
func valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return string([]rune(s))
}

// normal compiles s, in which the bytes many and single are wildcards, and orders each run of wildcards.
// The order, `?` first, is what lets Includes work from left to right.
func normal(s string, many, single byte) string {
	if strings.IndexByte(s, many) < 0 && strings.IndexByte(s, single) < 0 {
		return s
	}
	isWild := func(c byte) bool { return c == many || c == single }
	var b strings.Builder
	b.Grow(len(s))
	done := 0
	for i := 0; i < len(s); i++ {
		if !isWild(s[i]) {
			continue
		}
		b.WriteString(s[done:i])
		starred := false
		for ; i < len(s) && isWild(s[i]); i++ {
			if s[i] == many {
				starred = true
			} else {
				b.WriteByte(oneRaw)
			}
		}
		if starred {
			b.WriteByte(starRaw)
		}
		done = i
	}
	b.WriteString(s[done:])
	return b.String()
}

// fold returns the one character that stands for all those equal to r under strings.EqualFold:
// the lowest lower-case one, or the lowest where none is lower-case.
func fold(r rune) rune {
	if 'A' <= r && r <= 'Z' {
		return r + 'a' - 'A'
	}
	if r < utf8.RuneSelf {
		return r
	}
	best := r
	for o := unicode.SimpleFold(r); o != r; o = unicode.SimpleFold(o) {
		if lo, lb := unicode.IsLower(o), unicode.IsLower(best); lo == lb && o < best || lo && !lb {
			best = o
		}
	}
	return best
}
