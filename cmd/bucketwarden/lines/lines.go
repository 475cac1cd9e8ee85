// Package lines answers JSON lines by JSON lines, one at a time.
package lines

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/bucketwarden/bucketwarden/cmd/program"
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

// drained reports whether reading on may have to wait.
func (l *lines) drained() bool { return l.r.Buffered() == 0 }

// Answer answers lines in their order, one at a time. answer gets a line, its number from 1 and why it could not be
// read, and reports whether it could answer. The error at the end counts the lines that it could not.
func Answer(in io.Reader, out io.Writer, answer func(line []byte, number int, err error) (text []byte, ok bool)) error {
	lines := newLines(in)
	w := bufio.NewWriter(out)
	asked, failed := 0, 0
	for {
		line, err := lines.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && !errors.Is(err, errLongLine) {
			return errors.Join(w.Flush(), err)
		}
		if len(bytes.TrimSpace(line)) == 0 && err == nil {
			continue
		}
		asked++
		text, ok := answer(line, lines.number, err)
		if !ok {
			failed++
		}
		if _, err := w.Write(text); err != nil {
			return err
		}
		// Somebody may be waiting for this answer before asking the next question.
		if lines.drained() {
			if err := w.Flush(); err != nil {
				return err
			}
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d lines could not be answered", failed, asked)
	}
	return nil
}

// identify returns the id of a line, null when it has none or ends before it can be read. A field that stands there twice
// is an error: every reader would take another one.
func identify(line []byte) (jsontext.Value, error) {
	id := jsontext.Value("null")
	dec := jsontext.NewDecoder(bytes.NewReader(line), jsontext.AllowDuplicateNames(true))
	if dec.PeekKind() != '{' {
		return id, nil // what it is instead is the decoder's to say
	}
	if _, err := dec.ReadToken(); err != nil {
		return id, program.DescribeJSON(line, err)
	}
	seen := map[string]bool{}
	for dec.PeekKind() == '"' {
		name, err := dec.ReadToken()
		if err != nil {
			return id, program.DescribeJSON(line, err)
		}
		field := name.String()
		value, err := dec.ReadValue()
		if err != nil {
			return id, program.DescribeJSON(line, err)
		}
		if seen[field] {
			return id, fmt.Errorf("field %q is given twice", field)
		}
		if seen[field] = true; field == "id" {
			id = value.Clone()
		}
	}
	return id, nil
}
