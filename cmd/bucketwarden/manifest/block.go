package manifest

import "strings"

// scanBlock decodes a literal or folded scalar.
//
// https://yaml.org/spec/1.2.2/#81-block-scalar-styles
func scanBlock(text string, n *node) (s scanned, ok bool) {
	first := lineEnd(text, n.start)
	header, _, _ := strings.Cut(text[n.start:first], "#")
	first += lineBreak(text[first:])
	indent := indentation(text, first)
	switch {
	case strings.Trim(n.value, "\n") == "":
		indent = len(text) // no line is its own
	case strings.ContainsAny(header, "123456789"):
		indent -= indentation(n.value, 0) // the header counts from what is around the scalar; the value tells as much
	}
	b := blockScanner{text: text, indent: indent, folded: n.style == folded, content: first}
	at := b.lines(first)
	if !strings.Contains(header, "+") { // what is not kept ends with its last line
		at = b.content
		if b.started {
			at += lineBreak(text[at:])
		}
		b.breaks = b.breaks[:min(len(b.breaks), at-b.content, 1)]
	}
	b.last, b.end = at, at
	if strings.Contains(header, "-") {
		b.last, b.breaks = b.content, nil
	}
	b.flush(b.breaks)
	if eol := text[b.content:at]; b.started && eol != "" {
		b.margin = eol[:lineBreak(eol)] + strings.Repeat(" ", max(indent, 0))
	}
	return b.scanned, true
}

// indentation returns how many spaces the first line begins with that holds anything else.
func indentation(text string, at int) int {
	for at < len(text) {
		end := lineEnd(text, at)
		if line := text[at:end]; strings.Trim(line, " ") != "" {
			return len(line) - len(strings.TrimLeft(line, " "))
		}
		at = end + lineBreak(text[end:])
	}
	return 0
}

type blockScanner struct {
	scanned
	text    string
	indent  int
	folded  bool
	started bool  // a line with content was read
	more    bool  // that line is indented further than the first
	content int   // where that line ends
	breaks  []int // offsets of the line breaks since then
}

// lines takes in the lines of the scalar and returns the offset of the first one that is not its own.
func (b *blockScanner) lines(at int) int {
	for at < len(b.text) {
		start := at
		for at < len(b.text) && at-start < b.indent && b.text[at] == ' ' {
			at++
		}
		if n := lineBreak(b.text[at:]); n > 0 {
			b.breaks = append(b.breaks, at)
			at += n
			continue
		}
		if at-start < b.indent || at == len(b.text) {
			return start
		}
		at = b.line(at)
	}
	return at
}

// line takes in one line with content, and the breaks before it.
func (b *blockScanner) line(at int) (next int) {
	more := isBlank(b.text[at])
	switch {
	case !b.folded || !b.started || b.more || more:
		b.flush(b.breaks)
	case len(b.breaks) == 1:
		b.add(b.breaks[0], ' ')
	default:
		b.flush(b.breaks[1:])
	}
	b.started, b.more = true, more
	b.content = lineEnd(b.text, at)
	for ; at < b.content; at++ {
		b.add(at, b.text[at])
	}
	b.breaks = b.breaks[:0]
	n := lineBreak(b.text[at:])
	if n > 0 {
		b.breaks = append(b.breaks, at)
	}
	return at + n
}

func (b *blockScanner) flush(breaks []int) {
	for _, at := range breaks {
		b.add(at, '\n')
	}
}
