package accesslog

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// maxDepth is how deep objects and lists of a record may nest; CloudTrail's have five or six levels.
const maxDepth = 64

var (
	errDeep    = fmt.Errorf("nested deeper than %d levels", maxDepth)
	errOutside = errors.New("text outside a record")
	errCut     = errors.New("the record has no end")
)

// splitter cuts a stream of JSON into records: the elements of Records, or the objects that stand there without. It looks
// at braces and quotes only; whether a record is JSON is for who reads it. What is wrong with one leaves the next alone.
type splitter struct {
	in   *bufio.Reader
	line int // of what comes next, from 1
	text []byte
}

// next returns a record, which is valid until the next call, and the line it begins in. Past errLong, errDeep,
// errOutside and errCut the next one can be read. At the end it is io.EOF.
func (s *splitter) next() (line int, text []byte, err error) {
	outside := false
	for {
		c, err := s.in.ReadByte()
		switch {
		case outside && (err != nil || c == '{' || c == '\n'):
			if err == nil {
				err = s.in.UnreadByte()
			}
			if err == nil || errors.Is(err, io.EOF) {
				err = errOutside
			}
			return s.line, nil, err
		case err != nil:
			return s.line, nil, err
		case c == '\n':
			s.line++
		case c == '{':
			line := s.line
			if text, err := s.object(); err != nil || text != nil {
				return line, text, err
			}
		case bytes.IndexByte([]byte(" \t\r,[]}"), c) < 0:
			outside = true
		}
	}
}

// object reads an object behind its first brace. It is nil when that turned out to be the one around Records: then the
// first of these comes next.
func (s *splitter) object() ([]byte, error) {
	s.text = append(s.text[:0], '{')
	state := nesting{depth: 1}
	for {
		if _, err := s.in.Peek(1); errors.Is(err, io.EOF) {
			return nil, errCut
		} else if err != nil {
			return nil, err
		}
		chunk, _ := s.in.Peek(s.in.Buffered())
		n, at := state.read(chunk)
		s.line += bytes.Count(chunk[:n], []byte("\n"))
		if len(s.text) <= MaxRecord {
			s.text = append(s.text, chunk[:n]...)
		}
		_, _ = s.in.Discard(n) // it is buffered
		switch {
		case at == atEnd && len(s.text) > MaxRecord:
			return nil, errLong
		case at == atEnd && state.sunk:
			return nil, errDeep
		case at == atEnd:
			return s.text, nil
		case at == atLineEnd:
			return nil, errCut
		case at == atList && endsInRecords(s.text):
			return nil, nil
		}
	}
}

// endsInRecords reports whether an object was read up to the first of its Records.
func endsInRecords(text []byte) bool {
	text = bytes.TrimRight(bytes.TrimSuffix(text, []byte("[")), " \t\r\n")
	text = bytes.TrimRight(bytes.TrimSuffix(text, []byte(":")), " \t\r\n")
	return bytes.HasSuffix(text, []byte(`"Records"`))
}

// nesting is where in an object a reader is.
type nesting struct {
	depth           int
	quoted, escaped bool
	sunk            bool // it was deeper than maxDepth
}

type stop int

const (
	atChunkEnd stop = iota
	atEnd           // of the object
	atList          // behind the bracket of a list that is a member of the object
	atLineEnd       // in the middle of a string, where JSON has none: the rest of the object is missing
)

// read goes on to a stop, n bytes away.
func (s *nesting) read(chunk []byte) (n int, at stop) {
	for n, c := range chunk {
		switch {
		case s.escaped:
			s.escaped = false
		case s.quoted && c == '\n':
			return n, atLineEnd
		case s.quoted:
			s.quoted, s.escaped = c != '"', c == '\\'
		case c == '"':
			s.quoted = true
		case c == '{' || c == '[':
			s.depth++
			s.sunk = s.sunk || s.depth > maxDepth
			if c == '[' && s.depth == 2 {
				return n + 1, atList
			}
		case c == '}' || c == ']':
			if s.depth--; s.depth == 0 {
				return n + 1, atEnd
			}
		}
	}
	return len(chunk), atChunkEnd
}
