package iam

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

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

func (p *parser) fail(offset int, at Path, format string, args ...any) error {
	m := markOf(p.text, offset)
	return &SyntaxError{offset, m.line, m.column, at, fmt.Sprintf(format, args...)}
}

func (p *parser) jsonError(err error) error {
	var syntax *jsontext.SyntacticError
	switch {
	case !errors.As(err, &syntax):
		return p.fail(len(p.text), "", "the text is empty")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return p.fail(len(p.text), "", "the document ends too early")
	}
	return p.fail(int(syntax.ByteOffset), "", "%s", Mistake(p.text, int(syntax.ByteOffset), syntax.Err.Error()))
}

// quote returns s as a JSON string, cut short when it would flood a message.
func quote(s string) string {
	return clip(string(appendQuoted(nil, s)))
}

func clip(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}
