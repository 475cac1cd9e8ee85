package iam

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// Limits of Parse. S3 takes 20,480 bytes and no valid document nests deeper than six; the room above is for
// saying so politely, the bound is for hostile input.
const (
	MaxSize  = 128 << 10 // bytes
	MaxDepth = 16        // objects and lists inside each other
)

// ErrTooLarge is the error for a document of more than MaxSize bytes.
var ErrTooLarge = fmt.Errorf("document is larger than %d bytes; S3 takes at most 20480", MaxSize)

// SyntaxError says why and where a document cannot be read.
type SyntaxError struct {
	Offset int    // byte, from 0
	Line   int    // from 1
	Column int    // characters, from 1
	Path   Path   // "" when the text is no JSON there
	Reason string // what stands there and what would do
}

// Error returns the place and the reason on one line.
func (e *SyntaxError) Error() string {
	if e.Path == "" {
		return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Reason)
	}
	return fmt.Sprintf("line %d, column %d: %s: %s", e.Line, e.Column, e.Path, e.Reason)
}

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
}

func (p *parser) fail(offset int, at Path, format string, args ...any) error {
	line, column := position(p.text, offset)
	return &SyntaxError{offset, line, column, at, fmt.Sprintf(format, args...)}
}

// read makes the tree of values.
func (p *parser) read() (*Value, error) {
	if strings.HasPrefix(p.text, "\ufeff") {
		return nil, p.fail(0, "", "byte order mark before the document; remove it")
	}
	// The decoder checks names only for exact repetition; uniqueNames does it for every case.
	p.dec = jsontext.NewDecoder(bytes.NewBuffer([]byte(p.text)), jsontext.AllowDuplicateNames(true))
	root := &Value{}
	if err := p.value(root); err != nil {
		return nil, err
	}
	end := int(p.dec.InputOffset())
	if _, err := p.dec.ReadToken(); !errors.Is(err, io.EOF) {
		end += len(p.text[end:]) - len(strings.TrimLeft(p.text[end:], " \t\r\n"))
		return nil, p.fail(end, "", "text after the end of the document")
	}
	return root, nil
}

func (p *parser) value(v *Value) error {
	switch p.dec.PeekKind() {
	case '{', '[':
		return p.container(v)
	}
	raw, err := p.dec.ReadValue()
	if err != nil {
		return p.jsonError(err)
	}
	v.End = int(p.dec.InputOffset())
	v.Start = v.End - len(raw)
	v.raw = p.text[v.Start:v.End]
	switch raw[0] {
	case '"':
		v.Kind, v.Text = String, unquote(raw, v.raw)
	case 't', 'f':
		v.Kind, v.Text = Bool, v.raw
	case 'n':
		return p.fail(v.Start, v.Path(), "null is no value here; leave the element out")
	default:
		v.Kind, v.Text = Number, v.raw
	}
	return nil
}

// unquote decodes a JSON string; most have no escape and share the document's memory.
func unquote(raw []byte, text string) string {
	if bytes.IndexByte(raw, '\\') < 0 {
		return text[1 : len(text)-1]
	}
	out, err := jsontext.AppendUnquote(nil, raw)
	if err != nil {
		panic(err) // the decoder has just accepted it
	}
	return string(out)
}

func (p *parser) container(v *Value) error {
	open, err := p.dec.ReadToken()
	if err != nil {
		return p.jsonError(err)
	}
	v.Start = int(p.dec.InputOffset()) - 1
	if p.dec.StackDepth() > MaxDepth {
		return p.fail(v.Start, "", "nested deeper than %d levels", MaxDepth)
	}
	if v.Kind = Array; open.Kind() == '{' {
		v.Kind = Object
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
	return p.uniqueNames(v)
}

// child reads one element of a list, or one name and value of an object.
func (p *parser) child(v *Value) error {
	c := &Value{parent: v, index: len(v.Elements)}
	if v.Kind == Array {
		if err := p.value(c); err != nil {
			return err
		}
		v.Elements = append(v.Elements, c)
		return nil
	}
	raw, err := p.dec.ReadValue()
	if err != nil {
		return p.jsonError(err)
	}
	start := int(p.dec.InputOffset()) - len(raw)
	c.name = unquote(raw, p.text[start:start+len(raw)])
	if err := p.value(c); err != nil {
		return err
	}
	v.Members = append(v.Members, Member{c.name, start, c})
	return nil
}

func (p *parser) uniqueNames(v *Value) error {
	if len(v.Members) < 2 {
		return nil
	}
	seen := make(map[string]string, len(v.Members))
	for _, m := range v.Members {
		folded := fold(m.Name)
		first, repeated := seen[folded]
		switch {
		case repeated && first == m.Name:
			return p.fail(m.Start, v.Path().Field(m.Name), "%q stands here twice", m.Name)
		case repeated:
			return p.fail(m.Start, v.Path().Field(m.Name), "%q repeats %q in another case", m.Name, first)
		}
		seen[folded] = m.Name
	}
	return nil
}

// fold maps names that differ only in case to the same text, by Unicode's simple folding as encoding/json does.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf {
			return unicode.ToLower(r)
		}
		least := r
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			least = min(least, f)
		}
		return unicode.ToLower(least)
	}, s)
}

func (p *parser) jsonError(err error) error {
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		offset := int(syntax.ByteOffset)
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return p.fail(len(p.text), "", "the document ends too early")
		}
		return p.fail(offset, "", "not JSON: %v", syntax.Err)
	}
	return p.fail(len(p.text), "", "no document: the text is empty")
}

// quote returns s as a JSON string, escaping only what JSON demands.
func quote(s string) string {
	out, err := jsontext.AppendQuote(nil, s)
	if err != nil {
		panic(err) // only invalid UTF-8 fails, and Parse lets none in
	}
	return string(out)
}
