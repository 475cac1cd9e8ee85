package program

import (
	"bytes"
	"cmp"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

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
		return fmt.Errorf("unknown field %s", plain.Quote(meaning.JSONPointer.LastToken(), 60))
	case errors.Is(meaning.Err, jsontext.ErrDuplicateName):
		return fmt.Errorf("field %s is given twice", plain.Quote(meaning.JSONPointer.LastToken(), 60))
	}
	return mistyped(text, meaning)
}

// mistyped says which value is of another type than its field: "accounts[0]: 111122223333 is a number; put it in quotes".
func mistyped(whole []byte, err *json.SemanticError) error {
	place := placeOf(err.JSONPointer)
	must := func(t reflect.Type) error {
		return fmt.Errorf("%s must be %s", strings.TrimSuffix(place, ": "), cmp.Or(typeNames[t.Kind()], "of another type"))
	}
	var date *time.ParseError
	var of *stdjson.UnmarshalTypeError
	switch {
	case errors.As(err.Err, &date) && dateAlone.MatchString(date.Value):
		return fmt.Errorf("%s%q lacks a time; write %q", place, date.Value, date.Value+"T00:00:00Z")
	case errors.As(err.Err, &date):
		return fmt.Errorf("%s%s is not a time; write one such as \"2027-01-01T00:00:00Z\"", place, plain.Quote(date.Value, 60))
	case errors.As(err.Err, &of):
		return must(of.Type)
	case err.Err != nil && (errors.Is(err.Err, strconv.ErrRange) || errors.Is(err.Err, strconv.ErrSyntax)):
		return must(err.GoType)
	case err.Err != nil: // of a reader of ours
		return err.Err
	case err.GoType == nil:
		return fmt.Errorf("%sthe value is of the wrong type", place)
	}
	text := err.GoType.Kind() == reflect.String
	switch {
	case place == "":
		return errors.New("the text is not an object")
	case text && err.JSONKind == '0':
		return fmt.Errorf("%s%s is a number; put it in quotes", place, cmp.Or(integerAt(whole, err.ByteOffset), "the value"))
	case text && err.JSONKind == 'f':
		return fmt.Errorf(`%sthe value is false, as YAML reads a bare Off; write "Off" in quotes`, place)
	case text && err.JSONKind == 't':
		return fmt.Errorf("%sthe value is true, as YAML reads a bare On; put it in quotes", place)
	}
	return must(err.GoType)
}

// integerAt returns the integer that is the next value of a JSON text, "" for other numbers: YAML may have read those from
// something else.
func integerAt(text []byte, offset int64) string {
	rest := strings.TrimLeft(string(text[min(max(offset, 0), int64(len(text))):]), " \t\r\n,:[")
	digits := rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789"))]
	if len(digits) > 20 || strings.HasPrefix(rest[len(digits):], ".") || strings.HasPrefix(rest[len(digits):], "e") {
		return ""
	}
	return digits
}

var dateAlone = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)

// placeOf returns where a value stands, for a message to begin with: "accounts[0]: ".
func placeOf(pointer jsontext.Pointer) string {
	place := ""
	for token := range pointer.Tokens() {
		switch {
		case strings.Trim(token, "0123456789") == "":
			place += "[" + token + "]"
		case place != "":
			place += "." + token
		default:
			place = token
		}
	}
	if place == "" {
		return ""
	}
	return plain.Line(place) + ": "
}

const whole = "a number without a fraction"

// typeNames are the types of fields as people who write JSON call them.
var typeNames = map[reflect.Kind]string{
	reflect.String: "a string", reflect.Bool: "true or false", reflect.Int: whole, reflect.Int32: whole, reflect.Int64: whole,
	reflect.Slice: "a list", reflect.Struct: "an object", reflect.Map: "an object",
}
