package glob

import (
	"strings"
	"unicode/utf8"
)

// free stands in a witness for each character that both patterns leave open.
const free = "x"

// maxCells bounds the table in which Witness looks for a shortest string: 4 bytes a cell, so 2 MiB.
const maxCells = 1 << 19

// Overlaps reports whether some string is matched by both p and q.
func (p Pattern) Overlaps(q Pattern) bool {
	m := matcher{many: star, single: oneRaw, unify: true}
	switch {
	case !q.starred():
		return m.covers(p.code, q.code)
	case !p.starred():
		return m.covers(q.code, p.code)
	}
	// Between the ends there is room for whatever either wants: first all of p, then all of q.
	return agree(p.code, q.code, firstOf) && agree(p.code, q.code, lastOf)
}

// Witness returns a string that both p and q match, and false when there is none. Where both leave a character
// open, it is an `x`. The string is a shortest one, unless both patterns hold a `*` and the product of their
// lengths exceeds half a million: then it may be longer, by less than the length of p and q together.
func Witness(p, q Pattern) (string, bool) {
	switch {
	case !p.Overlaps(q):
		return "", false
	case !q.starred():
		return overlay(p.code, q.code), true
	case !p.starred():
		return overlay(q.code, p.code), true
	case (len(p.code)+1)*(len(q.code)+1) > maxCells:
		return inTurn(p.code, q.code), true
	}
	return shortest(p.code, q.code), true
}

// agree reports whether two starred patterns agree as far as both go without a star, from the end that cut takes.
func agree(p, q string, cut func(string) (string, string)) bool {
	for {
		var a, b string
		a, p = cut(p)
		b, q = cut(q)
		switch {
		case a == star || b == star:
			return true
		case a != b && a != one && b != one:
			return false
		}
	}
}

// firstOf cuts s after its first character or wildcard.
func firstOf(s string) (string, string) {
	_, n := utf8.DecodeRuneInString(s)
	return s[:n], s[n:]
}

// lastOf cuts the last character or wildcard off s.
func lastOf(s string) (string, string) {
	_, n := utf8.DecodeLastRuneInString(s)
	return s[len(s)-n:], s[:len(s)-n]
}

// overlay returns a string that both match, which they do overlap and q has no star: q, with the literals of p written over its `?`.
func overlay(p, q string) string {
	m := matcher{many: star, single: oneRaw, unify: true}
	segment, rest, more := strings.Cut(p, star)
	at, end := 0, m.head(segment, q, more)
	var b strings.Builder
	for {
		b.WriteString(open(q[:at]))
		b.WriteString(blend(segment, q[at:end]))
		if q = q[end:]; !more {
			return b.String()
		}
		if segment, rest, more = strings.Cut(rest, star); more {
			at, end = m.find(segment, q)
		} else {
			at, end = m.tail(segment, q), len(q)
		}
	}
}

// inTurn returns a string that two overlapping patterns with stars match: what is between the ends of p, then what is between those of q.
func inTurn(p, q string) string {
	headP, middleP, tailP := ends(p)
	headQ, middleQ, tailQ := ends(q)
	gap := utf8.RuneCountInString(tailP) - utf8.RuneCountInString(tailQ)
	tailP = strings.Repeat(one, max(0, -gap)) + tailP
	tailQ = strings.Repeat(one, max(0, gap)) + tailQ
	return blend(headP, headQ) + open(middleP) + open(middleQ) + blend(tailP, tailQ)
}

// ends cuts a pattern at its first and its last star.
func ends(p string) (head, middle, tail string) {
	i, j := strings.Index(p, star), strings.LastIndex(p, star)
	return p[:i], p[i:j], p[j+1:]
}

// open returns a string that p matches.
func open(p string) string {
	return strings.ReplaceAll(strings.ReplaceAll(p, star, ""), one, free)
}

// blend returns p with the literals of q written over its `?`, and the rest of the longer one. Neither has a star.
func blend(p, q string) string {
	var b strings.Builder
	for p != "" && q != "" {
		var c, d string
		c, p = firstOf(p)
		d, q = firstOf(q)
		if c == one {
			c = d
		}
		b.WriteString(c)
	}
	return open(b.String() + p + q)
}
