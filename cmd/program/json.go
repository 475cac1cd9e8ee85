package program

import (
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

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

// DescribeJSON puts a JSON error into words for who wrote the line, not the program.
func DescribeJSON(err error) error {
	var syntax *jsontext.SyntacticError
	var meaning *json.SemanticError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("not JSON at byte %d: %w", syntax.ByteOffset, syntax.Err)
	case !errors.As(err, &meaning):
		return err
	case errors.Is(meaning.Err, json.ErrUnknownName):
		return fmt.Errorf("unknown field %q", meaning.JSONPointer.LastToken())
	case meaning.Err != nil:
		return meaning.Err
	case meaning.JSONPointer == "":
		return errors.New("the line is not a JSON object")
	}
	return fmt.Errorf("field %q is no %s", meaning.JSONPointer.LastToken(), meaning.GoType)
}
