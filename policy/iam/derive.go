package iam

import (
	"slices"
	"strings"
)

// Only returns the document with those of its statements alone that keep wants.
func (d *Document) Only(keep func(*Statement) bool) *Document {
	out := make([]Statement, 0, len(d.Statements))
	for i := range d.Statements {
		if keep(&d.Statements[i]) {
			out = append(out, d.Statements[i])
		}
	}
	return d.With(out...)
}

// With returns the document with these statements in the place of its own, whatever document they come from and whatever
// has been changed in them.
//
// It is a document of its own: its text is written anew from what the statements say, the first time that somebody asks for
// it. Values keep the places they were read at, so that an answer about a derived document names the statement as the first
// one has it.
func (d *Document) With(statements ...Statement) *Document {
	return &Document{Version: d.Version, ID: d.ID, Statements: statements, from: d}
}

// Mentions reports whether a text, as JSON spells it, stands in the document or in one that it was derived from: a name for
// somebody whom no document knows must be in neither.
func (d *Document) Mentions(text string) bool {
	if d.from == nil {
		return strings.Contains(d.text, text)
	}
	return d.from.Mentions(text) || slices.ContainsFunc(d.Statements, func(s Statement) bool { return strings.Contains(s.Text(), text) })
}

// write writes the text of a derived document.
func (d *Document) write() {
	if d.from == nil {
		return
	}
	d.written.Do(func() {
		printed := d.print()
		d.text = printed.Compact()
		p := &parser{text: d.text}
		root, err := p.read()
		if err != nil { // statements that were changed may have one key twice
			root = printed
		}
		d.root = root
	})
}

// Text returns the statement as it was read, or what it has been changed to as JSON without white space.
func (s *Statement) Text() string {
	if r := s.read; r != nil && s.Sid == r.Sid && s.Effect == r.Effect && s.Principal == r.Principal && s.NotPrincipal == r.NotPrincipal &&
		sameList(s.Action, r.Action) && sameList(s.NotAction, r.NotAction) && sameList(s.Resource, r.Resource) &&
		sameList(s.NotResource, r.NotResource) && sameList(s.Condition, r.Condition) {
		return s.source
	}
	return s.print().Compact()
}

// sameList reports whether two lists are one: it does not look at what they hold.
func sameList[T any](a, b []T) bool {
	return len(a) == len(b) && (a == nil) == (b == nil) && (len(a) == 0 || &a[0] == &b[0])
}
