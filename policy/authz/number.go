package authz

import (
	"strconv"
	"strings"
)

// ordered reports whether a comparison's name without its type, as "LessThanEquals", holds for the sign of a compared with b.
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

// compareNumber compares decimal numbers exactly. readable reports whether both can be read.
func compareNumber(name, operand, value string) (matches Match, readable bool) {
	b, readable := parseDecimal(operand)
	a, ok := parseDecimal(value)
	if readable = readable && ok; readable && ordered(name, a.compare(b)) {
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

// Number is a number as the Numeric operators read it. Equal numbers are equal values of the type.
type Number struct{ decimal }

// ParseNumber reads a value of a Numeric operator.
func ParseNumber(text string) (n Number, ok bool) {
	d, ok := parseDecimal(text)
	return Number{d}, ok
}

// Compare returns the sign of n - m.
func (n Number) Compare(m Number) int { return n.compare(m.decimal) }
