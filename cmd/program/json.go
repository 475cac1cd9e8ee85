package program

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/plain"
)

// WriteJSON writes one indented value and a line break.
func WriteJSON(w io.Writer, v any) error {
	text, err := json.Marshal(v, jsontext.WithIndent("  "), json.Deterministic(true))
	if err != nil {
		return err
	}
	_, err = w.Write(append(plain.JSON(text), '\n'))
	return err
}

// StreamJSON writes the same as WriteJSON, line by line, while v produces it. What has been written stays where an error ends it.
func StreamJSON(w io.Writer, v any) error {
	out := plainLines{w: w}
	if err := json.MarshalWrite(&out, v, jsontext.WithIndent("  "), json.Deterministic(true)); err != nil {
		return err
	}
	_, err := out.Write([]byte("\n"))
	return err
}

// plainLines makes each line plain when it is complete: no value of JSON that is indented goes over the end of a line.
type plainLines struct {
	w    io.Writer
	rest []byte // the beginning of a line
}

// Write writes the lines that text ends.
func (p *plainLines) Write(text []byte) (int, error) {
	p.rest = append(p.rest, text...)
	end := bytes.LastIndexByte(p.rest, '\n') + 1
	if end == 0 {
		return len(text), nil
	}
	if _, err := p.w.Write(plain.JSON(p.rest[:end])); err != nil {
		return 0, err
	}
	p.rest = append(p.rest[:0], p.rest[end:]...)
	return len(text), nil
}

// DescribeJSON puts an error about a JSON text into words for who wrote the text, not the program.
func DescribeJSON(text []byte, err error) error {
	var syntax *jsontext.SyntacticError
	var meaning *json.SemanticError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("not JSON at byte %d: %s", syntax.ByteOffset, iam.Mistake(string(text), int(syntax.ByteOffset), syntax.Err.Error()))
	case !errors.As(err, &meaning):
		return err
	case errors.Is(meaning.Err, json.ErrUnknownName):
		return fmt.Errorf("unknown field %q", meaning.JSONPointer.LastToken())
	case meaning.Err != nil:
		return meaning.Err
	case meaning.JSONPointer == "":
		return errors.New("the line is not a JSON object")
	}
	return mistyped(meaning)
}

// mistyped says which value is of another type than its field: "accounts[0]: the value is a number; put it in quotes".
func mistyped(err *json.SemanticError) error {
	place := ""
	for token := range err.JSONPointer.Tokens() {
		switch {
		case strings.Trim(token, "0123456789") == "":
			place += "[" + token + "]"
		case place != "":
			place += "." + token
		default:
			place = token
		}
	}
	if err.JSONKind == '0' && err.GoType.Kind() == reflect.String {
		return fmt.Errorf("%s: the value is a number; put it in quotes", place)
	}
	return fmt.Errorf("%s: the value must be %s", place, typeNames[err.GoType.Kind()])
}

// typeNames are the types of fields as people who write JSON call them.
var typeNames = map[reflect.Kind]string{
	reflect.String: "a string", reflect.Bool: "true or false", reflect.Slice: "a list", reflect.Struct: "an object", reflect.Map: "an object",
}
