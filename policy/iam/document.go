// Package iam reads, prints and edits AWS policy documents without losing a byte.
//
// A document is read once, strictly: whatever AWS and we could read differently is an error with its place.
// The text itself is kept, and an edit changes only the bytes it is about.
//
// Grammar: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
package iam

import "unicode/utf8"

// The two policy languages. An absent Version means Version2008: `${...}` is then literal text.
const (
	Version2008 = "2008-10-17"
	Version2012 = "2012-10-17"
)

// Effect is Allow or Deny; "" when the statement has none.
type Effect string

// The two effects; the spelling is case-sensitive.
const (
	Allow Effect = "Allow"
	Deny  Effect = "Deny"
)

// Document is one policy document, bucket or identity policy. It does not change after Parse.
type Document struct {
	Version    string // "" when absent
	ID         string
	Statements []Statement // in source order; a lone object counts as a list of one

	text string
	root *Value
}

// Statement is one statement. An absent list is nil; a present but empty one is not.
type Statement struct {
	Sid          string
	Effect       Effect
	Principal    *Principal
	NotPrincipal *Principal
	Action       []*Value // strings, here and in the next three
	NotAction    []*Value
	Resource     []*Value
	NotResource  []*Value
	Condition    []Condition
	Value        *Value // the statement itself
}

// Principal is the value of Principal or NotPrincipal.
type Principal struct {
	Any     bool // the string "*", not {"AWS": "*"}
	Entries []PrincipalEntry
	Value   *Value
}

// PrincipalEntry is one principal: Type "AWS" and ID.Text "arn:aws:iam::111122223333:root".
type PrincipalEntry struct {
	Type string // AWS, Service, Federated or CanonicalUser in a valid document; Parse keeps any other
	ID   *Value
}

// Condition is one operator and key with its values, of which one has to match (none, under a negated operator).
// All conditions of a statement have to hold.
type Condition struct {
	Operator string // as spelled: "ForAnyValue:StringLikeIfExists"
	Key      string // as spelled: keys are case-insensitive
	Values   []*Value
	Value    *Value // what stands under the key
}

// Text returns the document as it was read.
func (d *Document) Text() string { return d.text }

// Root returns the document's JSON.
func (d *Document) Root() *Value { return d.root }

// HasVariables tells whether policy variables are replaced in this document.
func (d *Document) HasVariables() bool { return d.Version == Version2012 }

// IsIdentityPolicy tells whether no statement names a principal, as in policies attached to users and roles.
func (d *Document) IsIdentityPolicy() bool {
	for i := range d.Statements {
		if d.Statements[i].Principal != nil || d.Statements[i].NotPrincipal != nil {
			return false
		}
	}
	return true
}

// Lookup returns the value at p, nil when there is none.
// Index 0 of a scalar or a lone object is the value itself, as it stands for a list of one.
func (d *Document) Lookup(p Path) *Value {
	steps, ok := p.steps()
	if !ok {
		return nil
	}
	v := d.root
	for _, s := range steps {
		if v = v.step(s); v == nil {
			return nil
		}
	}
	return v
}

func (v *Value) step(s any) *Value {
	switch s := s.(type) {
	case string:
		return v.Member(s)
	case int:
		switch {
		case v.Kind == Array && s < len(v.Elements):
			return v.Elements[s]
		case v.Kind != Array && s == 0:
			return v
		}
	}
	return nil
}

// Position returns the line and column of a byte offset, both from 1; columns count characters.
func (d *Document) Position(offset int) (line, column int) { return position(d.text, offset) }

// PositionOf returns the line and column of what is at p, or of the nearest thing around it that exists.
func (d *Document) PositionOf(p Path) (line, column int) {
	steps, _ := p.steps()
	v := d.root
	for _, s := range steps {
		next := v.step(s)
		if next == nil {
			break
		}
		v = next
	}
	return d.Position(v.Start)
}

func position(text string, offset int) (line, column int) {
	line, begin := 1, 0
	offset = min(offset, len(text))
	for i := range offset {
		if text[i] == '\n' {
			line, begin = line+1, i+1
		}
	}
	return line, 1 + utf8.RuneCountInString(text[begin:offset])
}
