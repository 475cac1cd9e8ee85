package accesslog

import (
	"bytes"
	"errors"
	"fmt"
	"time"
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

// lastOf returns the fields behind the user agent, and how many there are.
func lastOf(rest []byte) (last [lastFields][]byte, n int) {
	if quote := bytes.LastIndexByte(rest, '"'); quote >= 0 {
		_, rest = next(rest[quote:])
	} else { // sizes, times, referer and user agent, none of them in quotes
		for range 6 {
			_, rest = next(rest)
		}
	}
	for n < len(last) && len(rest) > 0 {
		last[n], rest = next(rest)
		n++
	}
	return last, n
}

// next cuts the first field off.
func next(s []byte) (field, rest []byte) {
	if i := bytes.IndexByte(s, ' '); i >= 0 {
		return s[:i], s[i+1:]
	}
	return s, nil
}

const timeForm = "[06/Feb/2019:00:00:38 +0000]"

// nextTime cuts the time off, which has a blank in it.
func nextTime(s []byte) (field, rest []byte) {
	if len(s) <= len(timeForm) || s[len(timeForm)] != ' ' {
		return next(s)
	}
	return s[:len(timeForm)], s[len(timeForm)+1:]
}

// parseTime reads a time of a server access log, which is in UTC.
func parseTime(s []byte) (seconds int64, ok bool) {
	if len(s) != len(timeForm) || s[0] != '[' || s[3] != '/' || s[7] != '/' || s[12] != ':' || s[15] != ':' || s[18] != ':' ||
		string(s[21:]) != " +0000]" {
		return 0, false
	}
	month := bytes.Index([]byte("JanFebMarAprMayJunJulAugSepOctNovDec"), s[4:7])
	for _, digits := range [...][]byte{s[1:3], s[8:12], s[13:15], s[16:18], s[19:21]} {
		if !isNumber(digits, len(digits)) {
			return 0, false
		}
	}
	if month%3 != 0 { // also -1
		return 0, false
	}
	number := func(from, to int) (n int) {
		for _, c := range s[from:to] {
			n = 10*n + int(c-'0')
		}
		return n
	}
	at := time.Date(number(8, 12), time.Month(month/3+1), number(1, 3), number(13, 15), number(16, 18), number(19, 21), 0, time.UTC)
	return at.Unix(), true
}

// skipRequest cuts the request off: - or what stands in quotes up to one that the outcome follows.
func skipRequest(s []byte) (rest []byte, ok bool) {
	if field, rest := next(s); isDash(field) {
		return rest, true
	}
	if len(s) == 0 || s[0] != '"' {
		return nil, false
	}
	for rest = s[1:]; ; {
		i := bytes.Index(rest, []byte(`" `))
		if i < 0 {
			return nil, false
		}
		rest = rest[i+2:]
		if isOutcome(rest) {
			return rest, true
		}
	}
}

// isOutcome tells whether a status, an error, two sizes and two times come next.
func isOutcome(s []byte) bool {
	for i := range 6 {
		var field []byte
		field, s = next(s)
		number := len(field)
		if i == 0 {
			number = 3
		}
		if i != 1 && !isDash(field) && (number == 0 || !isNumber(field, number)) {
			return false
		}
	}
	return true
}

func isDash(s []byte) bool { return len(s) == 1 && s[0] == '-' }

func isNumber(s []byte, digits int) bool {
	for _, c := range s {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(s) == digits
}
