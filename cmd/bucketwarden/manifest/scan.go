package manifest

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// scanned is a scalar decoded by hand, and where each byte of its value comes from.
type scanned struct {
	value  []byte
	from   []int  // from[i] is the offset of what became value[i]
	last   int    // offset after what became the last byte of the value
	end    int    // offset after the scalar
	margin string // what stands for a line break in a literal scalar: the break and the next line's indentation
}

func (s *scanned) add(from int, bytes ...byte) {
	for _, b := range bytes {
		s.value = append(s.value, b)
		s.from = append(s.from, from)
	}
}

// at returns the offset of the value's byte i, which may be its length.
func (s *scanned) at(i int) int {
	if i == len(s.value) {
		return s.last
	}
	return s.from[i]
}

// scan decodes the scalar n from its source. It is false where that does not give n's value.
func scan(text string, n *node) (scanned, bool) {
	var s scanned
	ok := n.start <= len(text)
	if !ok {
		return s, false
	}
	switch n.style {
	case double:
		s, ok = scanDouble(text, n.start)
	case single:
		s, ok = scanSingle(text, n.start)
	case literal, folded:
		s, ok = scanBlock(text, n)
	default:
		s, ok = scanPlain(text, n)
	}
	return s, ok && string(s.value) == n.value
}

// scanPlain aligns a plain scalar with its value: every run of white space in one is one in the other.
func scanPlain(text string, n *node) (s scanned, ok bool) {
	at := n.start
	for i := 0; i < len(n.value); i++ {
		if c := n.value[i]; c == ' ' || c == '\n' {
			s.add(at, c)
			if i+1 < len(n.value) && n.value[i+1] != ' ' && n.value[i+1] != '\n' {
				at += len(text[at:]) - len(strings.TrimLeft(text[at:], " \t\r\n"))
			}
			continue
		}
		if at >= len(text) || text[at] != n.value[i] {
			return s, false
		}
		s.add(at, n.value[i])
		at++
	}
	s.last, s.end = at, at
	return s, true
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// blank takes in a run of white space inside quotes and returns the offset behind it. Where the run holds line breaks it
// is folded: one break becomes a space, more become one less. An escaped break, just before the run, counts for none.
func (s *scanned) blank(text string, start int, escaped bool) int {
	at, breaks := start, 0
	for at < len(text) {
		n := lineBreak(text[at:])
		if n == 0 && !isBlank(text[at]) {
			break
		}
		if n > 0 {
			breaks++
		}
		at += max(n, 1)
	}
	switch {
	case escaped:
		s.add(start, slices.Repeat([]byte{'\n'}, breaks)...)
	case breaks == 0:
		for i := start; i < at; i++ {
			s.add(i, text[i])
		}
	case breaks == 1:
		s.add(start, ' ')
	default:
		s.add(start, slices.Repeat([]byte{'\n'}, breaks-1)...)
	}
	return at
}

func scanSingle(text string, at int) (s scanned, ok bool) {
	for at++; at < len(text); {
		switch c := text[at]; {
		case strings.HasPrefix(text[at:], "''"):
			s.add(at, c)
			at += 2
		case c == '\'':
			s.last, s.end = at, at+1
			return s, true
		case isBlank(c), lineBreak(text[at:]) > 0:
			at = s.blank(text, at, false)
		default:
			s.add(at, c)
			at++
		}
	}
	return s, false
}

func scanDouble(text string, at int) (s scanned, ok bool) {
	for at++; at < len(text); {
		switch c := text[at]; {
		case c == '"':
			s.last, s.end = at, at+1
			return s, true
		case c == '\\':
			if at = s.escape(text, at); at == unknown {
				return s, false
			}
		case isBlank(c), lineBreak(text[at:]) > 0:
			at = s.blank(text, at, false)
		default:
			s.add(at, c)
			at++
		}
	}
	return s, false
}

// escape takes in the escape sequence at the offset and returns the offset behind it, unknown if it is none.
func (s *scanned) escape(text string, at int) int {
	if n := lineBreak(text[at+1:]); n > 0 {
		return s.blank(text, at+1+n, true)
	}
	if len(text) < at+2 {
		return unknown
	}
	const simple = `0` + "\x00" + `a` + "\a" + `b` + "\b" + `t` + "\t" + "\t\t" + `n` + "\n" + `v` + "\v" + `f` + "\f" +
		`r` + "\r" + `e` + "\x1b" + `  ` + `""` + `//` + `\\`
	for i := 0; i < len(simple); i += 2 {
		if simple[i] == text[at+1] {
			s.add(at, simple[i+1])
			return at + 2
		}
	}
	digits, ok := map[byte]int{'x': 2, 'u': 4, 'U': 8}[text[at+1]]
	if !ok {
		return unknown
	}
	r, end := hexRune(text, at+2, digits)
	if utf16.IsSurrogate(r) && strings.HasPrefix(text[end:], `\u`) { // JSON writes what is beyond U+FFFF as two
		var low rune
		low, end = hexRune(text, end+2, digits)
		r = utf16.DecodeRune(r, low)
	}
	if end == unknown {
		return unknown
	}
	s.add(at, utf8.AppendRune(nil, r)...)
	return end
}

func hexRune(text string, at, digits int) (r rune, end int) {
	if len(text) < at+digits {
		return 0, unknown
	}
	n, err := strconv.ParseUint(text[at:at+digits], 16, 31)
	if err != nil {
		return 0, unknown
	}
	return rune(n), at + digits
}
