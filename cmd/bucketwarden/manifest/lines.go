package manifest

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// lines holds the byte offset at which each line of a text starts. Lines end where YAML 1.1 ends them: at a line feed, a
// carriage return or both, and at U+0085, U+2028 and U+2029.
type lines []int

func newLines(text string) lines {
	out := lines{len(text) - len(strings.TrimPrefix(text, "\ufeff"))} // a byte order mark takes no column
	for i := 0; i < len(text); {
		n := lineBreak(text[i:])
		if n == 0 {
			i++
			continue
		}
		i += n
		out = append(out, i)
	}
	return out
}

// lineBreak returns the length of the line break that s begins with, 0 for none.
func lineBreak(s string) int {
	if s == "" {
		return 0
	}
	switch s[0] {
	case '\n':
		return 1
	case '\r':
		return 1 + len(s[1:]) - len(strings.TrimPrefix(s[1:], "\n"))
	case "\u0085"[0]:
		return len(s) - len(strings.TrimPrefix(s, "\u0085"))
	case "\u2028"[0]:
		return len(s) - len(strings.TrimPrefix(strings.TrimPrefix(s, "\u2028"), "\u2029"))
	}
	return 0
}

// offset returns the byte offset of a line and column; lines and columns count from 1, columns in characters.
func (l lines) offset(text string, line, column int) int {
	if line < 1 || line > len(l) {
		return len(text)
	}
	at := l[line-1]
	for ; column > 1 && at < len(text); column-- {
		_, n := utf8.DecodeRuneInString(text[at:])
		at += n
	}
	return at
}

// at returns the line of a byte offset, 0 for one before the first line.
func (l lines) at(offset int) int {
	line, exact := slices.BinarySearch(l, offset)
	if exact {
		line++
	}
	return line
}

// position returns the line and column of a byte offset, the reverse of offset.
func (l lines) position(text string, offset int) (line, column int) {
	if line = l.at(offset); line == 0 {
		return 1, 1
	}
	return line, 1 + utf8.RuneCountInString(text[l[line-1]:offset])
}
