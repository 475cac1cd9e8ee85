package main

import (
	"net/netip"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

var simulatorClasses = []class{
	{
		peer: "iam-simulate", name: "version-ignored", right: we,
		says:    "replaces variables whatever the Version",
		decides: "without Version 2012-10-17 they are plain text", page: variablesPage + "#policy-vars-using-variables",
		is: func(m minimal) bool { return m.doc.Version != iam.Version2012 && len(m.variables) > 0 },
	},
	{
		peer: "iam-simulate", name: "role-path", right: nobody,
		says:    "takes a session for one of any role of that name, also where the request says the ARN of its role, with another path",
		decides: "a role's ARN has its path, and aws:PrincipalArn is the ARN of the role", page: "reference_policies_condition-keys.html#condition-keys-principalarn",
		is: func(m minimal) bool {
			arn, given := m.pair.request.Context.Lookup("aws:PrincipalArn")
			return given && strings.Contains(m.pair.request.Principal, ":assumed-role/") && m.anyPrincipal(func(id string) bool {
				return strings.Contains(id, ":role/") && id != arn[0] && path.Base(id) == path.Base(arn[0])
			})
		},
	},
	{
		peer: "iam-simulate", name: "newline", right: we,
		says:    "lets no wildcard match a line feed",
		decides: "`*` stands for any characters, and keys may have this one", page: "reference_policies_elements_resource.html",
		is: func(m minimal) bool {
			return m.anySubject(func(s string) bool { return strings.Contains(s, "\n") }) &&
				m.anyPattern(func(s string) bool { return strings.ContainsAny(s, "*?") })
		},
	},
	{
		peer: "iam-simulate", name: "date-epoch", right: we,
		says:    "compares seconds since 1970 with milliseconds when one date is written so and the other is not",
		decides: "both forms say the same", page: operatorsPage + "#Conditions_Date",
		is: func(m minimal) bool {
			return m.anyValues("Date", func(o, v string) bool { return isEpoch(o) != isEpoch(v) })
		},
	},
	{
		peer: "iam-simulate", name: "address-text", right: we,
		says:    "compares an address without a prefix length as text: 2001:db8::1 is not 2001:db8:0::1",
		decides: "addresses are compared, as a range of one", page: operatorsPage + "#Conditions_IPAddress",
		is: func(m minimal) bool {
			return addresses(m, func(o, v netip.Addr) bool { return o == v })
		},
	},
	{
		peer: "iam-simulate", name: "address-family", right: we,
		says:    "lets NotIpAddress with an address without a prefix length not match an address of the other family",
		decides: "what lies outside of the range matches", page: operatorsPage + "#Conditions_IPAddress",
		is: func(m minimal) bool {
			return m.negated("IpAddress") && addresses(m, func(o, v netip.Addr) bool { return o.Is4() != v.Is4() })
		},
	},
	{
		peer: "iam-simulate", name: "address-all", right: we,
		says:    "finds no address in a range of length 0 but the one it is written with",
		decides: "0.0.0.0/0 is every IPv4 address", page: operatorsPage + "#Conditions_IPAddress",
		is: func(m minimal) bool {
			return m.anyValues("IpAddress", func(o, _ string) bool { return strings.HasSuffix(o, "/0") && !strings.Contains(o, ":") })
		},
	},
	{
		peer: "iam-simulate", name: "variable-brace", right: nobody,
		says:    "ends a variable at the first `}`, also inside the quotes of a default",
		decides: "the page does not say which characters a default can have", page: variablesPage + "#policy-vars-default-values",
		is: func(m minimal) bool {
			return m.anyVariable(func(v variable) bool { return v.hasDefault() && !strings.HasSuffix(v.inside, "'") })
		},
	},
	{
		peer: "iam-simulate", name: "variable-arn", right: we,
		says:    "takes ARNs apart before it replaces variables, so they work in the last component only",
		decides: "variables may stand in ARN operators, and are replaced when the policy is evaluated",
		page:    variablesPage + "#policy-vars-wheretouse",
		is: func(m minimal) bool {
			return m.anyValues("Arn", func(o, _ string) bool {
				i := strings.Index(o, "${")
				return i >= 0 && strings.Count(o[:i], ":") < 5
			})
		},
	},
	{
		peer: "iam-simulate", name: "negated-no-value", right: we,
		says:    "lets no negated operator match a variable without a value",
		decides: "inverted operators match", page: variablesPage + "#policy-vars-no-value",
		is: func(m minimal) bool {
			return (m.negated("String") || m.negated("Arn")) && m.anyVariable(func(v variable) bool { return v.noValue() || v.multivalued() })
		},
	},
	{
		peer: "iam-simulate", name: "variable-special", right: we,
		says:    "lets `${*}`, `${?}` and `${$}` equal nothing under StringEquals",
		decides: "they stand for the characters", page: variablesPage + "#policy-vars-specialchars",
		is: func(m minimal) bool {
			return m.anyValues("StringEquals", func(o, _ string) bool {
				return strings.Contains(o, "${*}") || strings.Contains(o, "${?}") || strings.Contains(o, "${$}")
			})
		},
	},
	{
		peer: "iam-simulate", name: "variable-empty", right: nobody,
		says:    "takes an empty value, or an empty default, for none",
		decides: "the page says \"has no value or is not present\", and not which an empty string is",
		page:    variablesPage + "#policy-vars-no-value",
		is: func(m minimal) bool {
			return m.anyVariable(func(v variable) bool {
				return strings.HasSuffix(v.inside, ", ''") || len(v.values) == 1 && v.values[0] == ""
			})
		},
	},
	{
		peer: "iam-simulate", name: "variable-multivalued", right: nobody,
		says:    "takes the default for a multivalued key that is present",
		decides: "a multivalued key cannot be a variable; the page does not say what comes of one with a default",
		page:    variablesPage + "#policy-vars-using-variables",
		is:      func(m minimal) bool { return m.anyVariable(variable.multivalued) },
	},
	{
		peer: "iam-simulate", name: "number-prefix", right: nobody,
		says:    "reads what a number begins with: 1e2 as 1, 1.5.0 as 1.5",
		decides: "the page names integers and decimals, and neither exponents nor what comes of other text",
		page:    operatorsPage + "#Conditions_Numeric",
		is: func(m minimal) bool {
			return m.anyValues("Numeric", func(o, v string) bool { return !plainNumber(o) || !plainNumber(v) })
		},
	},
	{
		peer: "iam-simulate", name: "number-text", right: nobody,
		says:    "writes a JSON number anew before it compares strings: 1e+01 as 10",
		decides: "the page has numbers in quotes only",
		page:    operatorsPage + "#Conditions_String",
		is: func(m minimal) bool {
			return slices.ContainsFunc(m.doc.Statements, func(s iam.Statement) bool {
				return slices.ContainsFunc(s.Condition, func(c iam.Condition) bool { return slices.ContainsFunc(c.Values, rewritten) })
			})
		},
	},
	{
		peer: "iam-simulate", name: "number-double", right: we,
		says:    "compares numbers as floating point",
		decides: "integers and decimals are compared, of no given size", page: operatorsPage + "#Conditions_Numeric",
		is: double,
	},
	{
		peer: "iam-simulate", name: "federated-session", right: we,
		says:    "knows a provider as the caller itself, not as who authenticated a session",
		decides: "sessions of web identity and SAML have the key aws:FederatedProvider",
		page:    "reference_policies_condition-keys.html#condition-keys-federatedprovider",
		is: func(m minimal) bool {
			return strings.Contains(m.pair.document(), `"Federated"`) && m.pair.request.Context["aws:FederatedProvider"] != nil
		},
	},
}

// rewritten reports whether a JSON number comes out of JavaScript as another text.
func rewritten(v *iam.Value) bool {
	n, err := strconv.ParseFloat(v.Text, 64)
	return v.Kind == iam.Number && err == nil && strconv.FormatFloat(n, 'f', -1, 64) != v.Text
}

func plainNumber(s string) bool {
	return strings.Trim(s, "+-0123456789.") == "" && strings.Count(s, ".") < 2
}

// addresses reports whether an operand and a value are addresses for which f holds, not ranges.
func addresses(m minimal, f func(operand, value netip.Addr) bool) bool {
	return m.anyValues("IpAddress", func(o, v string) bool {
		a, errA := netip.ParseAddr(o)
		b, errB := netip.ParseAddr(v)
		return errA == nil && errB == nil && f(a, b)
	})
}
