package glob

import (
	"strings"
	"unicode/utf8"
)

// head returns how many bytes of the subject the segment takes at its beginning, or -1 when it does not stand there.
// more says that a star follows the segment.
func (m matcher) head(segment, subject string, more bool) int {
	core := segment
	if more {
		core = m.core(segment)
	}
	i, j := 0, 0
	for i < len(segment) {
		if n := m.literal(segment[i:]); n > 0 {
			k := m.equal(segment[i:i+n], subject[j:])
			if k < 0 {
				return -1
			}
			i, j = i+n, j+k
			continue
		}
		switch {
		case j == len(subject):
			return -1
		case subject[j] != starRaw:
			i, j = i+1, j+size(subject[j:])
		case more && i >= len(core):
			j++
		default:
			return -1
		}
	}
	return j
}

// core returns the segment without its last `?`s.
func (m matcher) core(segment string) string {
	n := len(segment)
	for n > 0 && segment[n-1] == m.single {
		n--
	}
	return segment[:n]
}

// literal returns how many bytes of the segment come before its first `?`.
func (m matcher) literal(segment string) int {
	if i := strings.IndexByte(segment, m.single); i >= 0 {
		return i
	}
	return len(segment)
}

// equal returns how many bytes at the beginning of the subject agree with the literal, or -1 when they do not.
func (m matcher) equal(literal, subject string) int {
	if !m.fold && strings.HasPrefix(subject, literal) {
		return len(literal)
	}
	if m.plain() {
		return -1
	}
	j := 0
	for _, r := range literal {
		c, n := utf8.DecodeRuneInString(subject[j:])
		switch {
		case n == 0:
			return -1
		case m.unify && subject[j] == oneRaw:
		case m.key(r) != m.key(c):
			return -1
		}
		j += n
	}
	return j
}

// plain reports whether equal characters are the same bytes.
func (m matcher) plain() bool { return !m.fold && !m.unify }

// key returns the character that stands for all those that agree with r.
func (m matcher) key(r rune) rune {
	if m.fold {
		return fold(r)
	}
	return r
}

// find returns where in the subject the segment, which stands before a star, first begins and ends; -1, -1 if nowhere.
func (m matcher) find(segment, subject string) (int, int) {
	at := m.begin(m.core(segment), subject)
	if at < 0 {
		return -1, -1
	}
	n := m.head(segment, subject[at:], true)
	if n < 0 { // too few characters for the last `?`s, and a later place leaves no more
		return -1, -1
	}
	return at, at + n
}

// begin returns where in the subject the core first begins, or -1.
func (m matcher) begin(core, subject string) int {
	literal := core[:m.literal(core)]
	switch {
	case m.plain() && literal == core:
		return strings.Index(subject, core)
	case len(core)*len(subject) > maxTries:
		return m.search(core, subject)
	}
	for at := 0; ; at += size(subject[at:]) {
		if m.plain() {
			skip := strings.Index(subject[at:], literal)
			if skip < 0 {
				return -1
			}
			at += skip
		}
		if m.head(core, subject[at:], false) >= 0 {
			return at
		}
		if at == len(subject) {
			return -1
		}
	}
}

// tail returns where the segment begins when it stands at the end of the subject, or -1 when it does not.
func (m matcher) tail(segment, subject string) int {
	at := back(subject, utf8.RuneCountInString(segment))
	if at < 0 || m.head(segment, subject[at:], false) < 0 {
		return -1
	}
	return at
}

// back returns where the last n characters of s begin, or -1 when there are fewer.
func back(s string, n int) int {
	at := len(s)
	for ; n > 0 && at > 0; n-- {
		_, k := utf8.DecodeLastRuneInString(s[:at])
		at -= k
	}
	if n > 0 {
		return -1
	}
	return at
}

// size returns the bytes of the first character of s, 1 for a wildcard and 0 for the empty string.
func size(s string) int {
	_, n := utf8.DecodeRuneInString(s)
	return n
}
