// Package accesslog reads what S3 and CloudTrail write down about requests to buckets: server access logs and CloudTrail
// records, compressed or not. It reads streams of any length in constant memory and takes nothing for granted: callers of
// S3 choose much of what stands in these logs.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-understanding-s3-entries.html
package accesslog

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
)

// Sink takes what is read.
type Sink struct {
	Record func(*Record)
	// Malformed is told of what cannot be read, with its line from 1, of the text as it is uncompressed.
	Malformed func(line int, err error)
	// PassedOver is told of each CloudTrail record that is about no bucket.
	PassedOver func()
}

// Read reads a log to its end: lines of a server access log, or JSON with CloudTrail records, one a line or in Records;
// either compressed or not. What is malformed is passed over. The error is of in, or of its compression.
func Read(in io.Reader, to Sink) error {
	r := bufio.NewReaderSize(in, 64<<10)
	if magic, _ := r.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(r)
		if err != nil {
			return fmt.Errorf("gzip: %w", err)
		}
		r = bufio.NewReaderSize(z, 64<<10)
	}
	if isJSON(r) {
		return readTrail(r, to)
	}
	return readLines(r, to)
}

// isJSON reports whether a text begins as JSON does; no line of a server access log does.
func isJSON(r *bufio.Reader) bool {
	head, _ := r.Peek(512)
	head = bytes.TrimLeft(head, " \t\r\n")
	return len(head) > 0 && (head[0] == '{' || head[0] == '[')
}
