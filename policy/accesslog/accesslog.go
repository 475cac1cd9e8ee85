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
	"errors"
	"fmt"
	"io"
)

// MaxRecord is the most bytes that one record may have: S3 bounds a request's headers and its key far below.
const MaxRecord = 256 << 10

// Record is one request. Its slices are valid until the next record is read.
type Record struct {
	Time   int64  // seconds since 1970
	Bucket []byte // its name
	Key    []byte // as logged, which is URL-encoded in server access logs; nil when no object is named
	// Caller is anonymous, the ARN of a user, a role (its sessions count as it) or an account's root, a service principal,
	// an account's 12 digits when the log tells no more, or else what the log has, as a canonical user id.
	Caller    []byte
	Operation []byte // REST.PUT.OBJECT, or PutObject from CloudTrail
	Flags     Flags
	Kinds     Kinds
	// Source is the bucket and key that CloudTrail says a copy was made from; nil else.
	SourceBucket, SourceKey []byte

	buf []byte // of Caller
}

// Flags say more about a request.
type Flags uint8

// The flags.
const (
	NeededACL Flags = 1 << iota // no policy let the request in, an ACL did
	ACLUnsaid                   // the log is older than the field that says so
	Refused                     // the caller was not let in
	NotFound                    // there was no such object
	OfVersion                   // the request named a version
	SetsACL                     // the request brought an ACL; only CloudTrail may tell
	FromTrail                   // CloudTrail tells, and not a server access log
)

// Kinds is a set of kinds of requests. A trail can leave some out; a server access log has all.
type Kinds uint8

// The kinds, by what they are about and whether they only read.
const (
	ObjectReads Kinds = 1 << iota
	ObjectWrites
	BucketReads
	BucketWrites
	AllKinds = ObjectReads | ObjectWrites | BucketReads | BucketWrites
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

// isJSON tells whether a text begins as JSON does; no line of a server access log does.
func isJSON(r *bufio.Reader) bool {
	head, _ := r.Peek(512)
	head = bytes.TrimLeft(head, " \t\r\n")
	return len(head) > 0 && (head[0] == '{' || head[0] == '[')
}

var errLong = fmt.Errorf("longer than %d bytes", MaxRecord)

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
