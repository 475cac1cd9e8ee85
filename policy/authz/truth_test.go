package authz

import (
	"encoding/json"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// family is a group of operators, values to try them on and a second, naive way to compare these.
type family struct {
	operators []string
	operands  []string // in the document
	values    []string // in the request
	broken    []string // operands that cannot be read
	unread    []string // values that cannot be read
	matches   func(operator, operand, value string) bool
}

var families = []family{
	{
		operators: []string{"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike"},
		operands:  []string{"ab", "a*", "AB", "?"},
		values:    []string{"ab", "AB", "a", ""},
		matches: func(operator, operand, value string) bool {
			switch {
			case strings.HasSuffix(operator, "Like"):
				return wild(operand, value)
			case strings.HasSuffix(operator, "IgnoreCase"):
				return strings.EqualFold(operand, value)
			}
			return operand == value
		},
	},
	{
		operators: inequalities("Numeric"),
		operands:  []string{"5", "-1.5", "many"},
		values:    []string{"5.0", "7", "-2", "many", ""},
		broken:    []string{"many"},
		unread:    []string{"many", ""},
		matches: func(operator, operand, value string) bool {
			a, errA := strconv.ParseFloat(value, 64)
			b, errB := strconv.ParseFloat(operand, 64)
			return errA == nil && errB == nil && inequality(operator, a-b)
		},
	},
	{
		operators: inequalities("Date"),
		operands:  []string{"2024-05-01T00:00:00Z", "1714521601", "soon"},
		values:    []string{"2024-05-01T02:00:00+02:00", "1714521602", "soon", ""},
		broken:    []string{"soon"},
		unread:    []string{"soon", ""},
		matches: func(operator, operand, value string) bool {
			a, okA := seconds(value)
			b, okB := seconds(operand)
			return okA && okB && inequality(operator, a-b)
		},
	},
	{
		operators: []string{"Bool"},
		operands:  []string{"true", "FALSE", "1"},
		values:    []string{"True", "false", "1", ""},
		broken:    []string{"1"},
		matches: func(_, operand, value string) bool {
			return strings.EqualFold(operand, value) && operand != "1"
		},
	},
	{
		operators: []string{"IpAddress", "NotIpAddress"},
		operands:  []string{"10.0.0.9/8", "2001:db8::/32", "300.0.0.0/8"},
		values:    []string{"10.1.2.3", "11.0.0.1", "2001:db8::5", "::1", ""},
		broken:    []string{"300.0.0.0/8"},
		unread:    []string{""},
		matches: func(_, operand, value string) bool {
			_, network, err := net.ParseCIDR(operand)
			return err == nil && network.Contains(net.ParseIP(value))
		},
	},
	{
		operators: []string{"ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike"},
		operands:  []string{"arn:aws:s3:::b", "arn:aws:*:*:*:b*"},
		values:    []string{"arn:aws:s3:::b", "arn:aws:sns:r:1:b:x", "arn:aws:s3:::c", "b", ""},
		unread:    []string{"b", ""},
		matches: func(_, operand, value string) bool {
			a, b := strings.SplitN(operand, ":", 6), strings.SplitN(value, ":", 6)
			return len(b) == 6 && !slices.ContainsFunc([]int{0, 1, 2, 3, 4, 5}, func(i int) bool { return !wild(a[i], b[i]) })
		},
	},
	{
		operators: []string{"BinaryEquals"},
		operands:  []string{"QUI=", "QUM="},
		values:    []string{"QUI=", "QUM=", ""},
		matches:   func(_, operand, value string) bool { return operand == value },
	},
}

func inequalities(kind string) []string {
	return []string{kind + "Equals", kind + "NotEquals", kind + "LessThan", kind + "LessThanEquals", kind + "GreaterThan", kind + "GreaterThanEquals"}
}

func inequality(operator string, difference float64) bool {
	switch {
	case strings.Contains(operator, "Less"):
		return difference < 0 || difference == 0 && strings.HasSuffix(operator, "Equals")
	case strings.Contains(operator, "Greater"):
		return difference > 0 || difference == 0 && strings.HasSuffix(operator, "Equals")
	}
	return difference == 0
}

// wild is a wildcard match by trying everything.
func wild(pattern, value string) bool {
	switch {
	case pattern == "":
		return value == ""
	case pattern[0] == '*':
		return wild(pattern[1:], value) || value != "" && wild(pattern, value[1:])
	}
	return value != "" && (pattern[0] == '?' || pattern[0] == value[0]) && wild(pattern[1:], value[1:])
}

func seconds(s string) (float64, bool) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return float64(t.Unix()), true
	}
	n, err := strconv.Atoi(s)
	return float64(n), err == nil
}

// reading is one way to take what AWS's pages say, where they say two things or nothing.
type reading struct {
	forAnyOfNothing bool // ForAnyValue of an absent key is true when negated or with IfExists
	bareNever       bool // without a quantifier, a key that can have several values matches nothing, negated or not
	emptyIsAbsent   bool // an empty list counts as an absent key
	blankIsNothing  bool // an empty string counts as an empty list
	brokenIsFalse   bool // a negated operator, or Bool, is false where one side cannot be read
}

// holds is the condition under one reading. present is false for an absent key.
func (r reading) holds(f family, quantifier, operator string, ifExists bool, operands, values []string, present, multivalued bool) bool {
	negated := strings.Contains(operator, "Not")
	one := func(value string) bool {
		some := slices.ContainsFunc(operands, func(o string) bool { return f.matches(operator, o, value) })
		unreadable := len(operands) > 0 && slices.Contains(f.unread, value) || slices.ContainsFunc(operands, func(o string) bool { return slices.Contains(f.broken, o) })
		if !negated {
			return some || unreadable && operator == "Bool" && !r.brokenIsFalse
		}
		return !some && !(unreadable && r.brokenIsFalse)
	}
	not := func(value string) bool { return !one(value) }
	nothing := !present || len(values) == 0
	switch quantifier {
	case "ForAllValues:":
		blank := r.blankIsNothing && !slices.ContainsFunc(values, func(v string) bool { return v != "" })
		return nothing || blank || !slices.ContainsFunc(values, not)
	case "ForAnyValue:":
		if nothing {
			return r.forAnyOfNothing && (negated || ifExists)
		}
		return slices.ContainsFunc(values, one)
	}
	switch {
	case !present, len(values) == 0 && r.emptyIsAbsent:
		return negated || ifExists
	case len(values) != 1 || multivalued:
		if r.bareNever {
			return false
		}
		if negated {
			return !slices.ContainsFunc(values, not)
		}
	}
	return slices.ContainsFunc(values, one)
}

// expected is what all readings agree on, Undecided where they do not.
func expected(holds func(reading) bool) Decision {
	yes, no := false, false
	for bits := range 1 << 5 {
		r := reading{bits&1 != 0, bits&2 != 0, bits&4 != 0, bits&8 != 0, bits&16 != 0}
		if holds(r) {
			yes = true
		} else {
			no = true
		}
	}
	switch {
	case yes && no:
		return Undecided
	case yes:
		return Allowed
	}
	return ImplicitDeny
}

// TestTruthTable tries every operator, with every quantifier and with IfExists or not, on every state of a key.
func TestTruthTable(t *testing.T) {
	cases := 0
	for _, f := range families {
		for _, operands := range append(subsets(f.operands), []string{}) {
			for _, operator := range f.operators {
				for _, quantifier := range []string{"", "ForAllValues:", "ForAnyValue:"} {
					for _, suffix := range []string{"", "IfExists"} {
						cases += testOperator(t, f, quantifier, operator, suffix, operands)
					}
				}
			}
		}
	}
	t.Logf("%d cases", cases)
}

func testOperator(t *testing.T, f family, quantifier, operator, suffix string, operands []string) (cases int) {
	list, err := json.Marshal(operands)
	if err != nil {
		t.Fatal(err)
	}
	name := quantifier + operator + suffix
	for _, key := range []string{"s3:prefix", "aws:TagKeys"} {
		multivalued := key == "aws:TagKeys"
		doc := parse(t, `{"Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*","Condition":{"`+name+`":{"`+key+`":`+string(list)+`}}}}`)
		for _, values := range append(subsets(f.values), []string{}, nil) {
			req := Request{Principal: Anonymous, Action: "s3:ListBucket", Resource: "arn:aws:s3:::b", Context: Context{key: values}}
			if values == nil {
				req.Context = nil
			}
			want := expected(func(r reading) bool {
				return r.holds(f, quantifier, operator, suffix != "", operands, values, values != nil, multivalued)
			})
			if got := Decide(doc, req); got.Decision != want {
				t.Errorf("%s %s %q of %q: got %s (%s), want %s", name, key, operands, values, got.Decision, got.Reason, want)
			}
			cases++
		}
	}
	return cases
}

// subsets returns every list of one or two of items.
func subsets(items []string) [][]string {
	var out [][]string
	for i, a := range items {
		out = append(out, []string{a})
		for _, b := range items[i+1:] {
			out = append(out, []string{a, b})
		}
	}
	return out
}
