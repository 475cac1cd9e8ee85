package manifest

import (
	"errors"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// splitJSON returns the JSON values that text is made of, also those with repeated names. The error says why it is not
// made of any.
func splitJSON(text string) ([]*document, *Error) {
	if !looksLikeJSON(text) {
		return nil, &Error{Reason: "not JSON"}
	}
	dec := newDecoder(text)
	place := newLines(text)
	var out []*document
	for {
		value, err := dec.ReadValue()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, jsonError(err, place, text)
		}
		end := int(dec.InputOffset())
		start := end - len(value)
		line, _ := place.position(text, start)
		out = append(out, &document{start: start, end: end, line: line, json: true})
	}
}

func newDecoder(text string) *jsontext.Decoder {
	return jsontext.NewDecoder(strings.NewReader(text), jsontext.AllowDuplicateNames(true))
}

// jsonError moves the place of an error out of its message.
func jsonError(err error, place lines, text string) *Error {
	out := &Error{Reason: err.Error()}
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) && syntax.Err != nil {
		out.Line, out.Column = place.position(text, int(syntax.ByteOffset))
		out.Reason = iam.Mistake(text, int(syntax.ByteOffset), syntax.Err.Error())
	}
	return out
}

// parseJSON returns where everything stands in one valid JSON value.
func parseJSON(text string) *node {
	p := jsonParser{text, newDecoder(text)}
	return p.value()
}

type jsonParser struct {
	text string
	dec  *jsontext.Decoder
}

func (p jsonParser) value() *node {
	start := p.next()
	n := &node{from: start, start: start, style: plain}
	kind := p.dec.PeekKind()
	token, _ := p.dec.ReadToken()
	switch kind {
	case '{':
		n.kind, n.style = mapping, flow
	case '[':
		n.kind, n.style = sequence, flow
	case '"':
		n.value, n.style = token.String(), double
	default:
		n.value = token.String()
	}
	if n.kind != scalar {
		for p.dec.PeekKind() != '}' && p.dec.PeekKind() != ']' {
			var e entry
			if n.kind == mapping {
				e.key = p.value()
			}
			e.value = p.value()
			n.entries = append(n.entries, e)
		}
		_, _ = p.dec.ReadToken() // the bracket
	}
	n.end = int(p.dec.InputOffset())
	return n
}

// next returns the offset of the next token.
func (p jsonParser) next() int {
	at := int(p.dec.InputOffset())
	for at < len(p.text) && strings.IndexByte(" \t\r\n,:", p.text[at]) >= 0 {
		at++
	}
	return at
}
