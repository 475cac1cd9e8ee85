package accesslog

import (
	"bytes"
	"time"
)

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

// isOutcome reports whether a status, an error, two sizes and two times come next.
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
