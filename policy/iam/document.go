package iam

import "sync"

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

// Document is one policy document, bucket or identity policy. It does not change, and is not copied: With and Only make
// another one of some of its statements.
type Document struct {
	Version    string // "" when absent
	ID         string
	Statements []Statement // in source order; a lone object counts as a list of one

	from    *Document // by With: text and root are written when first asked for
	written sync.Once
	text    string
	root    *Value
	marked  sync.Once
	marks   []mark // made when first asked for
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

	read   *Statement // as Parse made it
	source string     // as the text has it
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

// Text returns the document as it was read, or as With wrote it.
func (d *Document) Text() string {
	d.write()
	return d.text
}

// Root returns the document's JSON.
func (d *Document) Root() *Value {
	d.write()
	return d.root
}

// HasVariables reports whether policy variables are replaced in this document.
func (d *Document) HasVariables() bool { return d.Version == Version2012 }

// IsIdentityPolicy reports whether no statement names a principal, as in policies attached to users and roles.
func (d *Document) IsIdentityPolicy() bool {
	for i := range d.Statements {
		if d.Statements[i].Principal != nil || d.Statements[i].NotPrincipal != nil {
			return false
		}
	}
	return true
}
