package main

import (
	"strings"
	"time"

	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/glob"
)

// AWS's pages, as in known_simulator.go.
const (
	variablesPage = "reference_policies_variables.html"
	operatorsPage = "reference_policies_elements_condition_operators.html"
)

var versityClasses = []class{
	{
		peer: "versitygw", name: "date-short", right: we,
		says:    "reads no date without seconds",
		decides: "W3C's forms of ISO 8601 count, which may end at the year, the month, the day or the minute",
		page:    operatorsPage + "#Conditions_Date",
		is: func(m minimal) bool {
			return m.anyValues("Date", func(o, v string) bool { return shortDate(o) || shortDate(v) })
		},
	},
	{
		peer: "versitygw", name: "arn-whole-string", right: we,
		says:    "matches ARNs as plain text: `*` crosses colons, and what is no ARN can match",
		decides: "each of the six components is checked by itself", page: operatorsPage + "#Conditions_ARN",
		is: func(m minimal) bool {
			return m.anyValues("Arn", func(o, v string) bool { return !isARN(v) || glob.Match(o, v) })
		},
	},
	{
		peer: "versitygw", name: "variable-default", right: we,
		says:    "takes `${key, 'default'}` for plain text",
		decides: "the default stands in for an absent key", page: variablesPage + "#policy-vars-default-values",
		is: func(m minimal) bool { return m.anyVariable(variable.hasDefault) },
	},
	{
		peer: "versitygw", name: "variable-special", right: we,
		says:    "takes `${*}`, `${?}` and `${$}` for plain text, with the wildcards in it",
		decides: "they stand for the characters", page: variablesPage + "#policy-vars-specialchars",
		is: func(m minimal) bool { return m.anyVariable(variable.special) },
	},
	{
		peer: "versitygw", name: "variable-multivalued", right: we,
		says:    "replaces a multivalued key when the request has one value of it",
		decides: "a multivalued key cannot be a variable", page: variablesPage + "#policy-vars-using-variables",
		is: func(m minimal) bool { return m.anyVariable(variable.multivalued) },
	},
	{
		peer: "versitygw", name: "variable-no-value", right: we,
		says:    "takes a variable without a value for plain text, which a request can contain or a wildcard match",
		decides: "it matches nothing", page: variablesPage + "#policy-vars-no-value",
		is: func(m minimal) bool { return m.anyVariable(variable.noValue) },
	},
	{
		peer: "versitygw", name: "variable-tag", right: we,
		says:    "takes a variable with a slash in it, so every tag, for plain text",
		decides: "tags are variables", page: variablesPage + "#policy-vars-tags",
		is: func(m minimal) bool {
			return m.anyVariable(func(v variable) bool { return strings.Contains(v.key, "/") && len(v.values) == 1 })
		},
	},
	{
		peer: "versitygw", name: "variable-wildcard", right: nobody,
		says:    "reads `*` and `?` in the value of a variable as wildcards",
		decides: "the page speaks of replacing and of wildcards, not of both; tag values and ids cannot have them, other keys can",
		page:    variablesPage + "#policy-vars-using-variables",
		is: func(m minimal) bool {
			return m.anyVariable(func(v variable) bool { return len(v.values) == 1 && strings.ContainsAny(v.values[0], "*?") })
		},
	},
	{
		peer: "versitygw", name: "number-double", right: we,
		says:    "compares numbers as floating point: 9007199254740993 equals 9007199254740992",
		decides: "integers and decimals are compared, of no given size", page: operatorsPage + "#Conditions_Numeric",
		is: double,
	},
	{
		peer: "versitygw", name: "address-mapped", right: nobody,
		says:    "takes IPv4-mapped ranges for IPv4, and ::ffff:203.0.113.7 without a prefix length for ::/32",
		decides: "the page does not name IPv4-mapped addresses", page: operatorsPage + "#Conditions_IPAddress",
		is: func(m minimal) bool {
			return m.anyValues("IpAddress", func(o, v string) bool { return strings.Contains(o+" "+v, "::ffff:") })
		},
	},
	{
		peer: "versitygw", name: "wildcard-byte", right: we,
		says:    "lets `?` stand for one byte, so for half of an é",
		decides: "it stands for one character", page: "reference_policies_elements_resource.html",
		is: func(m minimal) bool {
			wide := func(s string) bool { return strings.ContainsFunc(s, func(r rune) bool { return r > 127 }) }
			return m.anySubject(wide) && m.anyPattern(func(s string) bool { return strings.Contains(s, "?") })
		},
	},
}

func (v variable) multivalued() bool {
	k, _ := catalog.LookupKey(v.key)
	return k.Multivalued && v.values != nil
}

// double reports whether two numbers are too long for floating point.
func double(m minimal) bool {
	return m.anyValues("Numeric", func(o, v string) bool { return len(o) > 15 && len(v) > 15 })
}

func shortDate(s string) bool {
	_, err := time.Parse(time.RFC3339, s)
	return err != nil && !isEpoch(s)
}

func isARN(s string) bool { return strings.HasPrefix(s, "arn:") && strings.Count(s, ":") >= 5 }

func isEpoch(s string) bool { return strings.Trim(s, "0123456789") == "" }
