package authz

import (
	"strconv"
	"strings"
	"time"
)

// ordered tells whether a comparison's name without its type, as "LessThanEquals", holds for the sign of a compared with b.
func ordered(name string, sign int) bool {
	switch name {
	case "LessThan":
		return sign < 0
	case "LessThanEquals":
		return sign <= 0
	case "GreaterThan":
		return sign > 0
	case "GreaterThanEquals":
		return sign >= 0
	}
	return sign == 0 // Equals
}

// compareNumber compares decimal numbers exactly.
func compareNumber(name, operand, value string) (matches Match, readable bool) {
	b, readable := parseDecimal(operand)
	a, ok := parseDecimal(value)
	if readable && ok && ordered(name, a.compare(b)) {
		return Yes, true
	}
	return No, readable
}

// decimal is the number 0.digits times ten to the exponent; no digits are zero. It compares without ever being
// written out, so that 1e999999999 costs no more than 1.
type decimal struct {
	negative bool
	digits   string // the first and the last are not 0
	exponent int    // 0 of zero
}

func parseDecimal(s string) (decimal, bool) {
	var d decimal
	if s != "" && (s[0] == '-' || s[0] == '+') {
		d.negative, s = s[0] == '-', s[1:]
	}
	mantissa, power := s, "0"
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		mantissa, power = s[:i], s[i+1:]
	}
	exponent, err := strconv.ParseInt(power, 10, 32)
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := whole + fraction
	if err != nil || digits == "" || strings.Trim(digits, "0123456789") != "" {
		return decimal{}, false
	}
	significant := strings.TrimLeft(digits, "0")
	if significant == "" {
		return decimal{}, true
	}
	d.exponent = int(exponent) + len(whole) - (len(digits) - len(significant))
	d.digits = strings.TrimRight(significant, "0")
	return d, true
}

// compare returns the sign of a - b.
func (a decimal) compare(b decimal) int {
	sign := a.sign()
	switch {
	case sign != b.sign():
		return sign - b.sign()
	case a.exponent != b.exponent:
		if a.exponent < b.exponent {
			return -sign
		}
		return sign
	}
	return sign * strings.Compare(a.digits, b.digits)
}

func (a decimal) sign() int {
	switch {
	case a.digits == "":
		return 0
	case a.negative:
		return -1
	}
	return 1
}

// compareDate compares points in time. Maybe, when four digits leave two readings and these disagree.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date
func compareDate(name, operand, value string) (matches Match, readable bool) {
	b := instants(operand)
	var hits, misses int
	for _, x := range instants(value) {
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
		return Maybe, true
	case hits > 0:
		return Yes, true
	}
	return No, b != nil
}

// instants returns the readings of a date: one of W3C's forms of ISO 8601, of which those with a time need a zone, or
// seconds since 1970. Without a reading it is nil.
//
// https://www.w3.org/TR/NOTE-datetime
func instants(s string) []time.Time {
	var out []time.Time
	// time.Parse takes an hour of one digit and a decimal comma, W3C does not.
	if strings.Contains(s, ",") || len(s) > 13 && s[13] != ':' {
		return epoch(s)
	}
	for _, form := range [...]string{"2006", "2006-01", "2006-01-02", "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05Z07:00"} {
		if t, err := time.Parse(form, s); err == nil {
			out = append(out, t)
		}
	}
	return append(out, epoch(s)...)
}

// epoch reads seconds since 1970. More digits than any date needs would overflow.
func epoch(s string) []time.Time {
	seconds, err := strconv.ParseInt(s, 10, 64)
	if err != nil || len(s) > len("253402300799") {
		return nil
	}
	return []time.Time{time.Unix(seconds, 0)}
}
