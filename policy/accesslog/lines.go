package accesslog

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// readLines reads a server access log.
func readLines(r *bufio.Reader, to Sink) error {
	var rec Record
	var long []byte // a line that is longer than the reader's buffer, as far as it is read
	for number := 1; ; number++ {
		line, err := r.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			long, err = readLong(r, append(long[:0], line...))
			line = long
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		line = bytes.TrimRight(line, "\r\n")
		switch parsed := rec.parseLine(line); {
		case len(line) == 0:
		case len(line) > MaxRecord:
			to.Malformed(number, errLong)
		case parsed != nil:
			to.Malformed(number, parsed)
		default:
			to.Record(&rec)
		}
		if err != nil {
			return nil
		}
	}
}

// readLong reads the rest of a line, of which it keeps little more than MaxRecord bytes.
func readLong(r *bufio.Reader, line []byte) ([]byte, error) {
	for {
		part, err := r.ReadSlice('\n')
		if len(line) <= MaxRecord {
			line = append(line, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}

var errLong = fmt.Errorf("longer than %d bytes", MaxRecord)
