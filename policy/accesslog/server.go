package accesslog

import (
	"bytes"
	"errors"
	"fmt"
)

// The fields of a line that are looked at. Those behind the user agent are counted from there.
const (
	fieldBucket    = 1
	fieldTime      = 2
	fieldRequester = 4
	fieldOperation = 6
	fieldKey       = 7
	firstFields    = 8

	fieldVersion     = 0
	fieldACLRequired = 8
	lastFields       = 9 // what AWS adds later comes behind them
)

// Limits of names; those of S3 are lower.
const (
	maxName   = 255
	maxCaller = 1024
	maxKey    = 3 * 1024 // 1,024 bytes, each of them encoded
)

// parseLine reads a line of a server access log. Referer and user agent may hold anything, quotes too; what follows them
// is read from the last quote on, so that no caller can write it.
func (r *Record) parseLine(line []byte) error {
	var first [firstFields][]byte
	rest := line
	for i := range first {
		if i == fieldTime {
			first[i], rest = nextTime(rest)
		} else {
			first[i], rest = next(rest)
		}
		if len(first[i]) == 0 {
			return fmt.Errorf("field %d of at least 17 is missing", i+1)
		}
	}
	seconds, ok := parseTime(first[fieldTime])
	if !ok {
		return fmt.Errorf("the time %.40q does not look like %q", first[fieldTime], timeForm)
	}
	if err := r.setNames(&first); err != nil {
		return err
	}
	r.Time, r.Flags, r.Kinds = seconds, 0, AllKinds
	r.SourceBucket, r.SourceKey = nil, nil
	rest, ok = skipRequest(rest)
	if !ok {
		return errors.New("the request in quotes, or the HTTP status after it, is missing")
	}
	r.setOutcome(rest)
	return nil
}

// setNames takes what stands before the request.
func (r *Record) setNames(first *[firstFields][]byte) error {
	r.Bucket, r.Operation, r.Key = first[fieldBucket], first[fieldOperation], first[fieldKey]
	who := first[fieldRequester]
	switch {
	case len(r.Bucket) > maxName || len(r.Operation) > maxName || len(r.Key) > maxKey || len(who) > maxCaller:
		return errors.New("a name is longer than S3 allows")
	case bytes.IndexByte(r.Operation, '.') < 0:
		return fmt.Errorf("the operation %.40q does not look like REST.GET.OBJECT", r.Operation)
	}
	if isDash(r.Key) {
		r.Key = nil
	}
	if isDash(who) {
		who = anonymous
	}
	r.setCaller(who)
	return nil
}

// setOutcome takes what stands behind the request: the HTTP status and the error, and in the end what it took.
func (r *Record) setOutcome(rest []byte) {
	status, rest := next(rest)
	code, rest := next(rest)
	switch string(status) {
	case "401", "403": // a HEAD has no code; an archived object is one that the caller may read
		if string(code) != "InvalidObjectState" {
			r.Flags |= Refused
		}
	case "404":
		r.Flags |= NotFound
	}
	if refusals[string(code)] {
		r.Flags |= Refused
	}
	last, n := lastOf(rest)
	if n > fieldVersion && !isDash(last[fieldVersion]) {
		r.Flags |= OfVersion
	}
	switch {
	case n <= fieldACLRequired:
		r.Flags |= ACLUnsaid
	case string(last[fieldACLRequired]) == "Yes":
		r.Flags |= NeededACL
	}
}
