package glob

import (
	"strings"
	"unicode/utf8"
)

// Match is Compile(pattern).Match(s). It allocates nothing when both are valid UTF-8.
func Match(pattern, s string) bool {
	return matcher{many: "*", single: '?'}.covers(valid(pattern), valid(s))
}

// MatchFold is Compile(pattern).MatchFold(s). It allocates nothing when both are valid UTF-8.
func MatchFold(pattern, s string) bool {
	return matcher{many: "*", single: '?', fold: true}.covers(valid(pattern), valid(s))
}

// Match reports whether p matches all of s.
func (p Pattern) Match(s string) bool {
	return matcher{many: star, single: oneRaw}.covers(p.code, valid(s))
}

// MatchFold reports whether p matches all of s when characters that strings.EqualFold calls equal are equal.
// A `?` is still one character, whatever its case takes in bytes.
func (p Pattern) MatchFold(s string) bool {
	return matcher{many: star, single: oneRaw, fold: true}.covers(p.code, valid(s))
}

// Includes reports whether p matches every string that inner matches.
// It is exact, and takes no more steps than the product of the two lengths.
func (p Pattern) Includes(inner Pattern) bool {
	return matcher{many: star, single: oneRaw}.covers(p.code, inner.code)
}

// matcher is one way to read a pattern, and to compare its characters with those of a subject.
type matcher struct {
	many   string // the `*` of the pattern, one byte
	single byte   // the `?` of the pattern
	fold   bool   // characters that differ only in case agree; the subject is a literal
	unify  bool   // a `?` of the subject agrees with every character; the subject has no `*`
}

// covers reports whether the pattern covers the subject, which is compiled text: a literal, or another pattern.
//
// The pattern is cut at its stars into segments. The first must stand at the beginning, the last at the end and
// those between in order; taking each as early as it will go leaves most room for the rest.
//
// Why that also decides inclusion. Put a character that neither pattern holds for each `?` of the subject, and any number of
// it for each `*`; the pattern includes the subject exactly when it matches all these instances, since no literal
// of the pattern can tell that character from another. Think of somebody who picks the numbers against us while
// we read from left to right. Only two positions matter. While the segment at hand is still waiting for a literal,
// many characters are best for them: no literal matches them, and what was matched so far is lost. So a segment
// up to its last literal has to be found between two stars of the subject. Once a segment has only `?` left, which any
// character satisfies, every character helps us, and none is best for them: so the star of the subject
// is passed over. Either way one number is best whatever follows, and one pass decides. It needs every segment
// but the first to begin with a literal, which normal sees to.
func (m matcher) covers(pattern, subject string) bool {
	segment, rest, more := strings.Cut(pattern, m.many)
	n := m.head(segment, subject, more)
	if n < 0 || !more {
		return n == len(subject)
	}
	for subject = subject[n:]; ; subject = subject[n:] {
		segment, rest, more = strings.Cut(rest, m.many)
		if !more {
			return m.tail(segment, subject) >= 0
		}
		if _, n = m.find(segment, subject); n < 0 {
			return false
		}
	}
}

// head returns how many bytes of the subject the segment takes at its beginning, or -1 when it does not stand there.
// more says that a star follows the segment.
func (m matcher) head(segment, subject string, more bool) int {
	fixed := len(segment)
	for more && fixed > 0 && segment[fixed-1] == m.single {
		fixed--
	}
	j := 0
	for i := 0; i < len(segment); {
		switch {
		case j == len(subject):
			return -1
		case segment[i] != m.single:
			n, k := m.same(segment[i:], subject[j:])
			if n == 0 {
				return -1
			}
			i, j = i+n, j+k
		case subject[j] != starRaw:
			i, j = i+1, j+size(subject[j:])
		case more && i >= fixed:
			j++
		default:
			return -1
		}
	}
	return j
}

// same returns how many bytes of both to pass over when their first characters agree, and 0, 0 when they do not.
func (m matcher) same(segment, subject string) (int, int) {
	switch {
	case m.fold:
		a, n := utf8.DecodeRuneInString(segment)
		b, k := utf8.DecodeRuneInString(subject)
		if fold(a) == fold(b) {
			return n, k
		}
	case segment[0] == subject[0]:
		return 1, 1
	case m.unify && subject[0] == oneRaw:
		return size(segment), 1
	}
	return 0, 0
}

// find returns where in the subject the segment, which stands between two stars, first begins and ends; -1, -1 if nowhere.
func (m matcher) find(segment, subject string) (int, int) {
	literal := segment
	if i := strings.IndexByte(segment, m.single); i >= 0 {
		literal = segment[:i]
	}
	for at := 0; ; at += size(subject[at:]) {
		if !m.fold && !m.unify {
			skip := strings.Index(subject[at:], literal)
			if skip < 0 {
				return -1, -1
			}
			at += skip
		}
		if n := m.head(segment, subject[at:], true); n >= 0 {
			return at, at + n
		}
		if at == len(subject) {
			return -1, -1
		}
	}
}

// tail returns where the segment begins when it stands at the end of the subject, or -1 when it does not.
func (m matcher) tail(segment, subject string) int {
	at := len(subject)
	for range utf8.RuneCountInString(segment) {
		if at == 0 {
			return -1
		}
		_, n := utf8.DecodeLastRuneInString(subject[:at])
		at -= n
	}
	if m.head(segment, subject[at:], false) < 0 {
		return -1
	}
	return at
}

// size returns the bytes of the first character of s, 1 for a wildcard and 0 for the empty string.
func size(s string) int {
	_, n := utf8.DecodeRuneInString(s)
	return n
}
