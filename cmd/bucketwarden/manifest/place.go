package manifest

import (
	"strings"
	"unicode/utf8"
)

// Places finds the places of items' parts in files. Asked for one item after the other, in the order of a file, it reads each
// document once.
type Places struct {
	doc   *document
	root  *node
	lines lines // of the file
	file  *File
	last  place // the answer before: a long line is counted through once, however much is found in it
}

// place is a byte of a file as people count.
type place struct{ offset, line, column int }

// Of returns the line and column in the file, both from 1 and columns in characters, of a field of an item as
// source.FieldPath writes it. Where the field holds a text and line is not 0, that is the place of a line and column in that
// text: of a bare document, whose field is "", as well. Of a field that is not there it returns what is around it.
func (p *Places) Of(item *Item, field string, line, column int) (int, int) {
	f, d := item.File, item.doc
	if item.Object == nil {
		return p.At(f, d.start+offsetOf(item.Document, line, column))
	}
	text := d.source(f)
	if p.doc != d {
		p.doc = d
		p.root, _ = d.tree(text) // it has been read before
	}
	n := p.root.lookup(item.pointer).field(field)
	if elsewhere := item.moved[field]; elsewhere != "" {
		n = p.root.lookup(elsewhere)
	}
	if n == nil {
		return item.Line, 1
	}
	at := n.start
	if line > 0 && n.kind == scalar {
		if s, ok := scan(text, n); ok {
			at = s.at(min(offsetOf(n.value, line, column), len(s.value)))
		}
	}
	return p.At(f, d.offset(at))
}

// At returns the line and column of a byte of a file, counted in the same way.
func (p *Places) At(f *File, offset int) (line, column int) {
	p.turnTo(f)
	if before := p.last; before.line > 0 && before.offset <= offset && p.lines.at(offset) == before.line {
		line, column = before.line, before.column+utf8.RuneCountInString(f.Text[before.offset:offset])
	} else {
		line, column = p.lines.position(f.Text, offset)
	}
	p.last = place{offset, line, column}
	return line, column
}

func (p *Places) turnTo(f *File) {
	if p.file != f {
		p.file, p.lines, p.last = f, newLines(f.Text), place{}
	}
}

// Line returns the text of a line of a file, counted from 1, without its end; "" for a line that is not there.
func (p *Places) Line(f *File, line int) string {
	p.turnTo(f)
	if line < 1 || line > len(p.lines) {
		return ""
	}
	end := len(f.Text)
	if line < len(p.lines) {
		end = p.lines[line]
	}
	return strings.TrimRight(f.Text[p.lines[line-1]:end], "\r\n\u0085\u2028\u2029")
}

// field returns what is at a field path, or the nearest thing around it.
func (n *node) field(path string) *node {
	for path != "" && n != nil {
		var token string
		if rest, ok := strings.CutPrefix(path, "["); ok {
			token, path, _ = strings.Cut(rest, "]")
		} else {
			end := strings.IndexAny(path, ".[")
			if end < 0 {
				end = len(path)
			}
			token, path = path[:end], path[end:]
		}
		path = strings.TrimPrefix(path, ".")
		next := n.lookup("/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(token))
		if next == nil {
			return n
		}
		n = next
	}
	return n
}

// offsetOf returns the byte of a text at a line and column as package iam counts them: lines end at line feeds alone.
func offsetOf(text string, line, column int) int {
	at := 0
	for ; line > 1; line-- {
		next := strings.IndexByte(text[at:], '\n')
		if next < 0 {
			return len(text)
		}
		at += next + 1
	}
	for ; column > 1 && at < len(text); column-- {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return at
}
