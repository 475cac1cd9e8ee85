package manifest

import "strings"

// unknown stands for an end that was not found.
const unknown = -1

// skipProperties returns where a value itself begins whose anchor or tag is at offset.
func skipProperties(text string, at int) int {
	for at < len(text) && (text[at] == '&' || text[at] == '!') {
		n := strings.IndexAny(text[at:], " \t\r\n,[]{}")
		if n < 0 {
			return len(text)
		}
		at = skipBlank(text, at+n)
	}
	return at
}

// skipBlank returns the offset of what comes after white space, line breaks and comments.
func skipBlank(text string, at int) int {
	for at < len(text) {
		switch c := text[at]; {
		case c == ' ', c == '\t', c == '\r', c == '\n':
			at++
		case c == '#':
			at = lineEnd(text, at)
		default:
			return at
		}
	}
	return at
}

// lineEnd returns the offset of the next line break, or of the end of the text.
func lineEnd(text string, at int) int {
	for at < len(text) && lineBreak(text[at:]) == 0 {
		at++
	}
	return at
}

// spanEnd returns the offset after a YAML value whose start, style and entries are known; unknown if what stands there
// is not what it should be.
func spanEnd(text string, n *node) int {
	switch {
	case n.kind == scalar:
		if s, ok := scan(text, n); ok {
			return s.end
		}
		return unknown
	case n.style == flow:
		return flowEnd(text, n)
	case len(n.entries) == 0:
		return unknown
	}
	return n.entries[len(n.entries)-1].value.end
}

func flowEnd(text string, n *node) int {
	at := n.start + 1
	closing := byte(']')
	if n.kind == mapping {
		closing = '}'
	}
	if len(n.entries) > 0 {
		if at = n.entries[len(n.entries)-1].value.end; at == unknown {
			return unknown
		}
	}
	at = skipBlank(text, at)
	if at < len(text) && text[at] == ',' {
		at = skipBlank(text, at+1)
	}
	if at >= len(text) || text[at] != closing {
		return unknown
	}
	return at + 1
}
