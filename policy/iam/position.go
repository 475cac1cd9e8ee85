package iam

import (
	"strings"
	"unicode/utf8"
)

// Position returns the line and column of a byte offset, both from 1; columns count characters.
func (d *Document) Position(offset int) (line, column int) {
	text := d.Text()
	d.marked.Do(func() { d.marks = marksOf(text) })
	offset = min(max(offset, 0), len(text))
	m := d.marks[offset/markEvery].to(text, offset)
	return m.line, m.column
}

// PositionOf returns the line and column of what is at p, or of the nearest thing around it that exists.
func (d *Document) PositionOf(p Path) (line, column int) {
	steps, _ := p.steps()
	v, _ := d.Root().follow(steps)
	return d.Position(v.Start)
}

// mark is a byte of a text and its place.
type mark struct{ offset, line, column int }

// markOf looks at everything before offset.
func markOf(text string, offset int) mark { return mark{0, 1, 1}.to(text, offset) }

// to returns the mark of a byte further on.
func (m mark) to(text string, offset int) mark {
	between := text[m.offset:offset]
	if n := strings.Count(between, "\n"); n > 0 {
		m.line, m.column = m.line+n, 1
		between = between[strings.LastIndexByte(between, '\n')+1:]
	}
	return mark{offset, m.line, m.column + utf8.RuneCountInString(between)}
}

const markEvery = 512 // bytes; a document with a finding in every value is asked for thousands of places

// marksOf returns a mark for every markEvery bytes of text, none of them inside a character.
func marksOf(text string) []mark {
	out := make([]mark, 0, len(text)/markEvery+1)
	m := markOf(text, 0)
	for i := 0; i <= len(text); i += markEvery {
		at := i
		for at < len(text) && !utf8.RuneStart(text[at]) {
			at--
		}
		m = m.to(text, at)
		out = append(out, m)
	}
	return out
}
