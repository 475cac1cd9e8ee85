package accesslog

import (
	"bufio"
	"errors"
	"io"
	"net/url"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// readTrail reads CloudTrail records.
func readTrail(in *bufio.Reader, to Sink) error {
	records := splitter{in: in, line: 1}
	var rec Record
	for {
		line, text, err := records.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, errLong), errors.Is(err, errDeep), errors.Is(err, errOutside), errors.Is(err, errCut):
			to.Malformed(line, err)
			continue
		case err != nil:
			return err
		}
		switch about, err := rec.parseEvent(text); {
		case err != nil:
			to.Malformed(line, err)
		case !about:
			to.PassedOver()
		default:
			to.Record(&rec)
		}
	}
}

// parseEvent reads a CloudTrail record, and reports whether it is of a request about a bucket.
func (r *Record) parseEvent(text []byte) (about bool, err error) {
	var e event
	if err := json.Unmarshal(text, &e, jsontext.AllowInvalidUTF8(true)); err != nil {
		return false, describe(err)
	}
	bucket, key := e.parameter("bucketName"), e.parameter("key")
	if strings.TrimSuffix(e.Source, ".cn") != "s3.amazonaws.com" || bucket == "" {
		return false, nil
	}
	who := e.Identity.caller()
	switch {
	case e.Name == "" || e.Time.IsZero() || who == "":
		return false, errors.New("eventName, eventTime or userIdentity is missing")
	case len(bucket) > maxName || len(e.Name) > maxName || len(key) > maxKey || len(who) > maxCaller:
		return false, errors.New("a name is longer than S3 allows")
	}
	r.Time, r.Bucket, r.Operation, r.Key = e.Time.Unix(), []byte(bucket), []byte(e.Name), nil
	if key != "" {
		r.Key = []byte(key)
	}
	r.setCaller([]byte(who))
	r.Flags, r.Kinds = e.flags(), e.kind()
	r.setSource(e.parameter("x-amz-copy-source"))
	return true, nil
}

// setSource takes what a copy was made from: bucket/key, encoded, perhaps with a version.
func (r *Record) setSource(source string) {
	r.SourceBucket, r.SourceKey = nil, nil
	source, _, _ = strings.Cut(source, "?versionId=")
	if decoded, err := url.PathUnescape(source); err == nil {
		source = decoded
	}
	bucket, key, ok := strings.Cut(strings.TrimPrefix(source, "/"), "/")
	if ok && bucket != "" && key != "" && len(bucket) <= maxName && len(key) <= maxKey {
		r.SourceBucket, r.SourceKey = []byte(bucket), []byte(key)
	}
}
