package authz

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// DateForm says what AWS's documentation makes of a text as a date.
type DateForm int8

// The forms of a date.
const (
	NoDate   DateForm = iota // no date in any form; it matches nothing
	OpenDate                 // a date in a form of which AWS does not say how it is read, or whether
	Date                     // in a form that AWS documents
)

// dateLike is whatever is written with digits, year first, and what ISO 8601 puts between them.
var dateLike = regexp.MustCompile(`^[+-]?[0-9]+([-/][0-9]{1,3}|[-/]W[0-9]{2})*([Tt ][0-9:.,]*)?[.,]?[0-9]*( ?(Z|z|UTC|GMT|[+-][0-9:]+))*$`)

// ParseDate returns the points in time that a value of a Date operator may stand for: two for four digits, which are a year
// or seconds since 1970; none unless the form is Date.
//
// The documented forms are those of W3C's profile of ISO 8601, of which those with a time need a zone like Z or +09:00, and
// whole seconds since 1970. A zone like +0000, which classic Crossplane writes and S3 accepts, is ISO 8601's and not W3C's.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date
// https://www.w3.org/TR/NOTE-datetime
func ParseDate(s string) ([]time.Time, DateForm) {
	times := epoch(s)
	// time.Parse takes an hour of one digit and a decimal comma, W3C does not.
	if !strings.Contains(s, ",") && (len(s) <= 13 || s[13] == ':') {
		for _, form := range [...]string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04Z07:00", "2006-01-02", "2006-01", "2006"} {
			if t, err := time.Parse(form, s); err == nil {
				times = append([]time.Time{t}, times...)
			}
		}
	}
	switch {
	case len(times) > 0:
		return times, Date
	case dateLike.MatchString(s):
		return nil, OpenDate
	}
	return nil, NoDate
}

// epoch reads seconds since 1970. More digits than any date needs may be milliseconds, or a date without its dashes.
func epoch(s string) []time.Time {
	seconds, err := strconv.ParseInt(s, 10, 64)
	if err != nil || len(s) > len("253402300799") || strings.HasPrefix(s, "+") {
		return nil
	}
	return []time.Time{time.Unix(seconds, 0)}
}

// compareDate compares points in time; readable reports whether both can be read. Maybe, where one of them is open, or where readings of four digits disagree.
func compareDate(name, operand, value string) (matches Match, open question, readable bool) {
	b, form := ParseDate(operand)
	a, formOfValue := ParseDate(value)
	if form == OpenDate || form == Date && formOfValue == OpenDate {
		return Maybe, openDate, true
	}
	var hits, misses int
	for _, x := range a {
		for _, y := range b {
			if ordered(name, x.Compare(y)) {
				hits++
			} else {
				misses++
			}
		}
	}
	switch {
	case hits > 0 && misses > 0:
		return Maybe, openYear, true
	case hits > 0:
		return Yes, "", true
	}
	return No, "", form == Date && formOfValue == Date
}
