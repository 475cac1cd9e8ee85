package glob

import "strings"

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

// Includes reports whether p matches every string that inner matches. It is exact.
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
// The pattern is cut at its stars into segments. The first must stand at the beginning of the subject, the last at
// its end, and those between in order; to take each as early as it will go leaves most room for the rest.
//
// Why that decides inclusion too. Put a character that neither pattern holds for each `?` of the subject, and any
// number of it for each `*`. The pattern includes the subject exactly when it matches all these instances, for only
// its wildcards match that character. Think of the numbers as picked by an opponent while we read from left to right:
//
//   - While the segment at hand still lacks a literal, many characters are best for the opponent: none of them is that
//     literal, and what was matched of the segment is lost. So a segment must be found, up to its last
//     literal, between two stars of the subject. (Each segment but the first begins with a literal, see normal.)
//   - While the segment lacks only `?`s, each character, whichever it is, brings us nearer to its end. So none
//     is best for the opponent: the star of the subject is passed over.
//   - After a segment is complete, only what is left of the subject counts, and the more the better for us.
//
// One number is best each time, whatever follows, so that one pass decides.
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
