package iam

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Limits of Parse. S3 takes 20,480 bytes, no valid document nests deeper than six, and the longest name is a
// condition key with a tag key of 128 characters; the room above is for saying so politely, the bound is for hostile
// input.
const (
	MaxSize  = 128 << 10 // bytes
	MaxDepth = 16        // objects and lists inside each other
	MaxName  = 1024      // bytes of a member's name, decoded: names make paths, and paths are repeated
)

// MostKept is how many bytes of a bucket policy S3 keeps, white space included.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
const MostKept = 20 << 10

// ErrTooLarge is the error for a document of more than MaxSize bytes.
var ErrTooLarge = fmt.Errorf("the document is larger than %d bytes; S3 accepts at most 20480", MaxSize)

// Parse reads one policy document of at most MaxSize bytes.
// A repeated or unknown element is an error, also one that differs only in case: S3, the providers' JSON decoders
// and we must never read the same bytes differently. What is only missing or empty is not: rules judge that.
// The error is a *SyntaxError with the place, or ErrTooLarge.
func Parse(text string) (*Document, error) {
	if len(text) > MaxSize {
		return nil, ErrTooLarge
	}
	p := &parser{text: text}
	root, err := p.read()
	if err != nil {
		return nil, err
	}
	d := &Document{text: text, root: root}
	if err := p.document(d); err != nil {
		return nil, err
	}
	return d, nil
}

type parser struct {
	text string
	dec  *jsontext.Decoder

	// The next values, and lists of members and elements: one allocation for many.
	slab     []Value
	members  []Member
	elements []*Value
}

// usual is how many members and elements are in most objects and lists, or fewer.
const usual = 4

// chunk takes an empty list with room for the usual from memory for many.
func chunk[T any](from *[]T) []T {
	if len(*from) < usual {
		*from = make([]T, 8*usual)
	}
	out := (*from)[:0:usual]
	*from = (*from)[usual:]
	return out
}

// read makes the tree of values.
func (p *parser) read() (*Value, error) {
	if strings.HasPrefix(p.text, "\ufeff") {
		return nil, p.fail(0, "", "there is a byte order mark before the document; remove it")
	}
	// The decoder checks names only for exact repetition; name does it for every case.
	p.dec = jsontext.NewDecoder(bytes.NewBuffer([]byte(p.text)), jsontext.AllowDuplicateNames(true))
	root := p.newValue(nil, 0)
	if err := p.value(root); err != nil {
		return nil, err
	}
	end := int(p.dec.InputOffset())
	if _, err := p.dec.ReadToken(); !errors.Is(err, io.EOF) {
		end += len(p.text[end:]) - len(strings.TrimLeft(p.text[end:], space))
		return nil, p.fail(end, "", "%s", Mistake(p.text, end, "after top-level value"))
	}
	return root, nil
}

const space = " \t\r\n" // JSON's white space

func (p *parser) newValue(parent *Value, index int) *Value {
	if len(p.slab) == 0 {
		p.slab = make([]Value, 32)
	}
	v := &p.slab[0]
	p.slab = p.slab[1:]
	v.parent, v.index = parent, index
	return v
}

func (p *parser) value(v *Value) error {
	switch p.dec.PeekKind() {
	case '{':
		v.Kind = Object
		return p.container(v)
	case '[':
		v.Kind, v.Elements = Array, chunk(&p.elements)
		return p.container(v)
	}
	raw, err := p.dec.ReadValue()
	if err != nil {
		return p.jsonError(err)
	}
	v.End = int(p.dec.InputOffset())
	v.Start = v.End - len(raw)
	v.raw = p.text[v.Start:v.End]
	v.Text = v.raw
	switch raw[0] {
	case '"':
		v.Kind, v.Text = String, unquote(v.raw)
	case 't', 'f':
		v.Kind = Bool
	case 'n':
		return p.fail(v.Start, v.Path(), "null is not allowed here; leave the element out")
	default:
		v.Kind = Number
	}
	return nil
}

// unquote decodes a JSON string that the decoder has accepted; most have no escape and share the document's memory.
func unquote(raw string) string {
	if !strings.Contains(raw, `\`) {
		return raw[1 : len(raw)-1]
	}
	out, _ := jsontext.AppendUnquote(nil, raw)
	return string(out)
}

func (p *parser) container(v *Value) error {
	if _, err := p.dec.ReadToken(); err != nil {
		return p.jsonError(err)
	}
	v.Start = int(p.dec.InputOffset()) - 1
	if p.dec.StackDepth() > MaxDepth {
		return p.fail(v.Start, "", "nested deeper than %d levels", MaxDepth)
	}
	for k := p.dec.PeekKind(); k != '}' && k != ']'; k = p.dec.PeekKind() {
		if err := p.child(v); err != nil {
			return err
		}
	}
	if _, err := p.dec.ReadToken(); err != nil {
		return p.jsonError(err)
	}
	v.End = int(p.dec.InputOffset())
	return nil
}

// child reads one element of a list, or one name and value of an object.
func (p *parser) child(v *Value) error {
	if v.Kind == Array {
		c := p.newValue(v, len(v.Elements))
		v.Elements = append(v.Elements, c)
		return p.value(c)
	}
	raw, err := p.dec.ReadValue()
	if err != nil {
		return p.jsonError(err)
	}
	end := int(p.dec.InputOffset())
	m := Member{Start: end - len(raw), Value: p.newValue(v, len(v.Members))}
	m.Name = unquote(p.text[m.Start:end])
	if err := p.name(v, m); err != nil {
		return err
	}
	if v.Members == nil {
		v.Members = chunk(&p.members)
	}
	v.add(m)
	return p.value(m.Value)
}

// name refuses a member that v must not have too.
func (p *parser) name(v *Value, m Member) error {
	if len(m.Name) > MaxName {
		return p.fail(m.Start, v.Path(), "a name has %d bytes; the longest may have %d", len(m.Name), MaxName)
	}
	i := v.find(m.Name)
	switch {
	case i < 0:
		return nil
	case v.Members[i].Name == m.Name:
		return p.fail(m.Start, v.Path().Field(m.Name), "%s is repeated", quote(m.Name))
	default:
		return p.fail(m.Start, v.Path().Field(m.Name), "%s repeats %s with other capitals", quote(m.Name), quote(v.Members[i].Name))
	}
}
