package iam

import (
	"slices"
	"strings"
	"unicode"

	"github.com/go-json-experiment/json/jsontext"
)

// Kind is the JSON type of a Value.
type Kind uint8

// The kinds a document may hold. JSON null is refused by Parse: no element allows it.
const (
	String Kind = iota + 1
	Number
	Bool
	Array
	Object
)

// String returns the kind as an error message names it, with its article.
func (k Kind) String() string {
	return [...]string{"nothing", "a string", "a number", "a boolean", "a list", "an object"}[k]
}

// Value is one JSON value of a document and its place in the text.
// Values that Parse made are shared by everyone who reads the document: do not change them.
type Value struct {
	Kind     Kind
	Text     string   // String: decoded. Number and Bool: the source text, so that 5.50 stays 5.50
	Members  []Member // Object, in source order
	Elements []*Value // Array, in source order
	Start    int      // first byte of the value in the text, from 0
	End      int      // first byte after it

	parent *Value
	index  int            // among the parent's members or elements
	raw    string         // the source text of a scalar; "" for a value made by hand
	folded map[string]int // from a folded name to its member, when there are too many to look through
}

// Member is one name and value of an object.
type Member struct {
	Name  string // decoded
	Start int    // first byte of the quoted name
	Value *Value
}

// NewString returns a string value for an Edit.
func NewString(s string) *Value { return &Value{Kind: String, Text: s} }

// NewStrings returns an array of strings for an Edit.
func NewStrings(ss ...string) *Value {
	v := &Value{Kind: Array}
	for _, s := range ss {
		v.Elements = append(v.Elements, NewString(s))
	}
	return v
}

// NewObject returns an object for an Edit, with its members in this order.
func NewObject(members ...Member) *Value { return &Value{Kind: Object, Members: members} }

// Member returns the value under name, nil when v is no object or has none.
func (v *Value) Member(name string) *Value {
	if i := v.find(name); i >= 0 && v.Members[i].Name == name {
		return v.Members[i].Value
	}
	return nil
}

// find returns the index of the member of that name in any case, -1 when there is none.
func (v *Value) find(name string) int {
	if v.folded == nil {
		return slices.IndexFunc(v.Members, func(m Member) bool { return strings.EqualFold(m.Name, name) })
	}
	if i, ok := v.folded[fold(name)]; ok {
		return i
	}
	return -1
}

// add appends a member, which find does not find yet.
func (v *Value) add(m Member) {
	const many = 16 // from here on a map is cheaper than looking at every name
	v.Members = append(v.Members, m)
	switch {
	case v.folded != nil:
		v.folded[fold(m.Name)] = len(v.Members) - 1
	case len(v.Members) == many:
		v.folded = make(map[string]int, 2*many)
		for i, m := range v.Members {
			v.folded[fold(m.Name)] = i
		}
	}
}

// fold returns the same text for names that are strings.EqualFold, and only for those. encoding/json compares the
// names of struct fields in the same way, by Unicode's simple folding: the Kelvin sign is a k.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			least = min(least, f)
		}
		return least
	}, s)
}

// listed returns the elements of a list, or what stands for a list of one.
func (v *Value) listed() []*Value {
	if v.Kind == Array {
		return v.Elements
	}
	return []*Value{v}
}

// Least returns a bound on the bytes of v as JSON: there is no shorter way to write it, whatever becomes of white space, of
// escapes in strings and of digits that say nothing.
func (v *Value) Least() int {
	const quotes, separator = len(`""`), len(",")
	n := 1 // a digit
	switch v.Kind {
	case String:
		n = len(v.Text) + quotes
	case Array:
		n = len("[]") + max(0, len(v.Elements)-1)*separator
		for _, e := range v.Elements {
			n += e.Least()
		}
	case Object:
		n = len("{}") + max(0, len(v.Members)-1)*separator
		for _, m := range v.Members {
			n += len(m.Name) + quotes + len(":") + m.Value.Least()
		}
	}
	return n
}

// Compact returns v as JSON without white space. Scalars keep their spelling.
// In a value made by hand, bytes that are not UTF-8 become U+FFFD.
func (v *Value) Compact() string { return string(v.appendTo(make([]byte, 0, v.End-v.Start))) }

func (v *Value) appendTo(b []byte) []byte {
	switch {
	case v.Kind == Array:
		b = append(b, '[')
		for i, e := range v.Elements {
			if i > 0 {
				b = append(b, ',')
			}
			b = e.appendTo(b)
		}
		return append(b, ']')
	case v.Kind == Object:
		b = append(b, '{')
		for i, m := range v.Members {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendQuoted(b, m.Name), ':')
			b = m.Value.appendTo(b)
		}
		return append(b, '}')
	case v.raw == "" && v.Kind == String:
		return appendQuoted(b, v.Text)
	case v.raw == "":
		return append(b, v.Text...)
	default:
		return append(b, v.raw...)
	}
}

// appendQuoted appends s as a JSON string, escaping only what JSON demands.
func appendQuoted(b []byte, s string) []byte {
	b, _ = jsontext.AppendQuote(b, s) // the error tells of invalid UTF-8, which it has replaced
	return b
}
