package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// maxLine bounds one line of a batch: a policy of iam.MaxSize with every byte escaped has room.
const maxLine = 1 << 20

var errLongLine = fmt.Errorf("the line is longer than %d bytes", maxLine)

// lines reads lines of at most maxLine bytes.
type lines struct {
	r      *bufio.Reader
	number int // of the line last read, from 1
}

func newLines(r io.Reader) *lines { return &lines{r: bufio.NewReaderSize(r, 64<<10)} }

// next returns a line without its end. Past a line that gives errLongLine the next one can be read. At the end it is io.EOF.
func (l *lines) next() ([]byte, error) {
	var line []byte
	var long error
	for {
		part, err := l.r.ReadSlice('\n')
		if len(line)+len(part) > maxLine+1 {
			line, long = nil, errLongLine
		}
		if long == nil {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && (len(line) > 0 || long != nil):
		case err != nil:
			return nil, err
		}
		l.number++
		return bytes.TrimSuffix(line, []byte("\n")), long
	}
}

// drained tells whether reading on may have to wait.
func (l *lines) drained() bool { return l.r.Buffered() == 0 }

// identify returns the id of a line, null when it has none or ends before it can be read. A field that stands there twice
// is an error: every reader would take another one.
func identify(line []byte) (jsontext.Value, error) {
	id := jsontext.Value("null")
	dec := jsontext.NewDecoder(bytes.NewReader(line), jsontext.AllowDuplicateNames(true))
	if dec.PeekKind() != '{' {
		return id, nil // what it is instead is the decoder's to say
	}
	if _, err := dec.ReadToken(); err != nil {
		return id, describe(err)
	}
	seen := map[string]bool{}
	for dec.PeekKind() == '"' {
		name, err := dec.ReadToken()
		if err != nil {
			return id, describe(err)
		}
		field := name.String()
		value, err := dec.ReadValue()
		if err != nil {
			return id, describe(err)
		}
		if seen[field] {
			return id, fmt.Errorf("field %q stands there twice", field)
		}
		if seen[field] = true; field == "id" {
			id = value.Clone()
		}
	}
	return id, nil
}

// describe puts a JSON error into words for who wrote the line, not the program.
func describe(err error) error {
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
		return errors.New("the line is no JSON object")
	}
	return fmt.Errorf("field %q is no %s", meaning.JSONPointer.LastToken(), meaning.GoType)
}
