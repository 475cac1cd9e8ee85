//go:build e2e

package e2e

import (
	"strings"
)

// asks is the kind of access that a rule is about, in as much as statements need to say it.
type asks struct {
	rule            string
	who, few        any    // whom a statement names that the rule speaks of, and some of them whom it does not, or fewer
	action, another string // two that it speaks of
}

// kindsOfAccess are those of the rules about access. The trust is account 111122223333, and what is forbidden and capped is in accessSettings.
func kindsOfAccess() []asks {
	role := func(account string) m { return m{"AWS": "arn:aws:iam::" + account + ":role/app"} }
	return []asks{
		{"BW201", "*", role("111122223333"), "s3:GetObject", "s3:GetObjectVersion"},
		{"BW202", "*", role("111122223333"), "s3:PutObject", "s3:PutObjectTagging"},
		{"BW401", m{"AWS": "999988887777"}, role("999988887777"), "s3:GetObject", "s3:GetObjectVersion"},
		{"BW402", m{"AWS": "999988887777"}, role("999988887777"), "s3:PutObjectAcl", "s3:PutObjectVersionAcl"},
		{"BW404", m{"AWS": "111122223333"}, role("111122223333"), "s3:DeleteObject", "s3:DeleteObjectTagging"},
		{"BW405", m{"AWS": "111122223333"}, role("111122223333"), "s3:DeleteObjectVersion", "s3:DeleteObjectVersionTagging"},
	}
}

// accessSettings is what the rules go by.
const accessSettings = `{trust: {accounts: ["111122223333"]},
	forbid: [{Effect: Allow, Principal: "*", Action: ["s3:DeleteObject", "s3:DeleteObjectTagging"], Resource: "*"}],
	cap: [{Effect: Allow, Principal: "*", NotAction: ["s3:DeleteObjectVersion", "s3:DeleteObjectVersionTagging"], Resource: "*"}]}`

// policyOf is a policy made of statements, in any notation.
type policyOf struct {
	version    string // 2012-10-17 where it is ""
	statements []m
}

func policyWith(statements ...m) policyOf { return policyOf{"", statements} }

// allow is a statement that allows what the rule speaks of on a part of the bucket.
func (a asks) allow(part string) m {
	return m{"Effect": "Allow", "Principal": a.who, "Action": a.action, "Resource": "arn:aws:s3:::BUCKET/" + part}
}

func (s asks) deny(element, part string) m {
	return m{"Effect": "Deny", "Principal": "*", "Action": "s3:*", element: "arn:aws:s3:::BUCKET/" + part}
}

// with returns the statement with one element more, or another one.
func with(statement m, element string, value any) m {
	out := m{}
	for k, v := range statement {
		out[k] = v
	}
	out[element] = value
	return out
}

// edit is an update of a policy, from old to new.
type edit struct {
	name     string
	old, new func(asks) policyOf
}

// one returns the policy of some statements, for each kind of access.
func one(statements ...func(asks) m) func(asks) policyOf {
	return func(a asks) policyOf {
		out := policyOf{}
		for _, s := range statements {
			out.statements = append(out.statements, s(a))
		}
		return out
	}
}

func (p policyOf) in(version string) policyOf { p.version = version; return p }

// edits are all but those of other fields than the policy.
func edits() []edit {
	in := func(a asks) m { return a.allow("in/*") }
	out := func(a asks) m { return a.allow("out/*") }
	all := func(a asks) m { return a.allow("*") }
	harmless := func(asks) m {
		return m{"Effect": "Allow", "Principal": m{"AWS": "arn:aws:iam::111122223333:role/reader"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::BUCKET/own/*"}
	}
	notOut := func(a asks) m { return a.deny("Resource", "out/*") }
	notMuchOut := func(a asks) m { return a.deny("Resource", "out/a/*") }
	onlyIn := func(a asks) m { return a.deny("NotResource", "in/*") }
	under := func(operator, key string, value any) func(asks) m {
		return func(a asks) m { return with(out(a), "Condition", m{operator: m{key: value}}) }
	}
	few := func(a asks) m { return with(out(a), "Principal", a.few) }
	both := func(a asks) m { return with(in(a), "Action", []any{a.action, a.another}) }
	variable := func(version string) func(asks) policyOf {
		return func(a asks) policyOf { return one(in, func(a asks) m { return a.allow("${*}") })(a).in(version) }
	}
	return []edit{
		{"nothing but a harmless statement", one(in), one(in, harmless)},
		{"less", one(in, out), one(in)},
		{"a Deny more", one(all), one(all, notOut)},
		{"a statement behind", one(in), one(in, out)},
		{"a statement before", one(in), one(out, in)},
		{"a statement inside", one(in, harmless), one(in, out, harmless)},
		{"a Deny removed", one(all, notOut), one(all)},
		{"a Deny of NotResource removed", one(all, onlyIn), one(all)},
		{"a Deny narrowed", one(all, notOut), one(all, notMuchOut)},
		{"a condition removed", one(in, under("StringEquals", "aws:SourceVpce", "vpce-0a1b2c3d")), one(in, out)},
		{"a condition loosened", one(in, under("StringEquals", "aws:SourceVpce", "vpce-0a1b2c3d")),
			one(in, under("StringEqualsIfExists", "aws:SourceVpce", "vpce-0a1b2c3d"))},
		{"a principal widened", one(in, few), one(in, out)},
		{"an action widened", one(in), one(both)},
		{"a resource widened", one(in), one(all)},
		{"the Version", variable("2008-10-17"), variable("2012-10-17")},
		{"at the edge of an Exemption", one(all, onlyIn), one(all)},
		{"beside an Exemption", one(in), one(in, out)},
	}
}

// text is the policy as JSON.
func (p policyOf) text(bucket string) string {
	version := p.version
	if version == "" {
		version = "2012-10-17"
	}
	return strings.ReplaceAll(encode(m{"Version": version, "Statement": p.statements}), "BUCKET", bucket)
}

// structured is the same in the fields of classic Crossplane.
func (p policyOf) structured(bucket string) m {
	out := m{"version": "2012-10-17"}
	if p.version != "" {
		out["version"] = p.version
	}
	statements := []any{}
	for _, s := range p.statements {
		statements = append(statements, classicStatement(strings.ReplaceAll(encode(s), "BUCKET", bucket)))
	}
	out["statements"] = statements
	return out
}
