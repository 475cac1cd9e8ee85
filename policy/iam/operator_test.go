package iam_test

import (
	"strings"
	"testing"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// operators are all that AWS's page lists, in its order.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
var operators = map[string]iam.Operator{
	"StringEquals":              {Comparison: iam.StringEquals},
	"StringNotEquals":           {Comparison: iam.StringEquals, Negated: true},
	"StringEqualsIgnoreCase":    {Comparison: iam.StringEqualsIgnoreCase},
	"StringNotEqualsIgnoreCase": {Comparison: iam.StringEqualsIgnoreCase, Negated: true},
	"StringLike":                {Comparison: iam.StringLike},
	"StringNotLike":             {Comparison: iam.StringLike, Negated: true},
	"NumericEquals":             {Comparison: iam.NumericEquals},
	"NumericNotEquals":          {Comparison: iam.NumericEquals, Negated: true},
	"NumericLessThan":           {Comparison: iam.NumericLessThan},
	"NumericLessThanEquals":     {Comparison: iam.NumericLessThanEquals},
	"NumericGreaterThan":        {Comparison: iam.NumericGreaterThan},
	"NumericGreaterThanEquals":  {Comparison: iam.NumericGreaterThanEquals},
	"DateEquals":                {Comparison: iam.DateEquals},
	"DateNotEquals":             {Comparison: iam.DateEquals, Negated: true},
	"DateLessThan":              {Comparison: iam.DateLessThan},
	"DateLessThanEquals":        {Comparison: iam.DateLessThanEquals},
	"DateGreaterThan":           {Comparison: iam.DateGreaterThan},
	"DateGreaterThanEquals":     {Comparison: iam.DateGreaterThanEquals},
	"Bool":                      {Comparison: iam.BoolEquals},
	"BinaryEquals":              {Comparison: iam.BinaryEquals},
	"IpAddress":                 {Comparison: iam.IPAddress},
	"NotIpAddress":              {Comparison: iam.IPAddress, Negated: true},
	"ArnEquals":                 {Comparison: iam.ARNEquals},
	"ArnLike":                   {Comparison: iam.ARNLike},
	"ArnNotEquals":              {Comparison: iam.ARNEquals, Negated: true},
	"ArnNotLike":                {Comparison: iam.ARNLike, Negated: true},
	"Null":                      {Comparison: iam.Null},
}

func TestParseOperator(t *testing.T) {
	for name, plain := range operators {
		for _, quantifier := range []iam.Quantifier{iam.None, iam.ForAllValues, iam.ForAnyValue} {
			for _, suffix := range []string{"", "IfExists"} {
				in, want, ok := name+suffix, plain, true
				want.Quantifier, want.IfExists = quantifier, suffix != ""
				if quantifier != iam.None {
					in = string(quantifier) + ":" + in
				}
				if name == "Null" && in != "Null" {
					want, ok = iam.Operator{}, false
				}
				if got, gotOK := iam.ParseOperator(in); got != want || gotOK != ok {
					t.Errorf("%s is %+v, %t, want %+v, %t", in, got, gotOK, want, ok)
				}
			}
		}
		for _, in := range []string{
			strings.ToLower(name), strings.ToUpper(name), strings.ToLower(name[:1]) + name[1:], // IAM: Invalid Condition type : stringEquals
			" " + name, name + " ", name + "IfExistsIfExists", name + "ifExists", name + "IfExist", "IfExists" + name,
			":" + name, "ForAnyValues:" + name, "ForAllValue:" + name, "forAnyValue:" + name, "ForAnyValue" + name, "ForAnyValue: " + name,
			"ForAnyValue:ForAnyValue:" + name, "ForAllValues:ForAnyValue:" + name, "Not" + name + "s", name[1:],
		} {
			if got, ok := iam.ParseOperator(in); ok || got != (iam.Operator{}) {
				t.Errorf("%q is taken for %+v", in, got)
			}
		}
	}
	for _, in := range []string{
		"", ":", "IfExists", "ForAnyValue:", "Not", "Equals", "BoolEquals", "BoolNotEquals", "NotBool", "NotNull", "BinaryNotEquals", "BinaryLike",
		"StringLikeIgnoreCase", "StringEqualsIgnoresCase", "StringEqualsNot", "StringNotNotEquals", "NotStringEquals", "NotIpAddressNot",
		"NumericNotLessThan", "NumericLike", "DateLike", "ArnEqualsIgnoreCase", "IpAddressLike", "IPAddress", "ARNEquals",
	} {
		if got, ok := iam.ParseOperator(in); ok || got != (iam.Operator{}) {
			t.Errorf("%q is taken for %+v", in, got)
		}
	}
}
