package main

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// class is one known disagreement with a peer; testdata/<peer>/<name>.json is an example.
type class struct {
	peer    string
	name    string
	says    string // what the peer does
	right   right
	decides string // what AWS's page says to it
	page    string // below https://docs.aws.amazon.com/IAM/latest/UserGuide/
	is      func(minimal) bool
}

// right is whose answer AWS's page supports.
type right string

const (
	we     right = "we"
	nobody right = "nobody" // the page leaves it open
)

// minimal is a comparison that minimise has been at: all that is left in it is needed for the difference. So a class
// need not ask whether a thing matters, only whether it is there.
type minimal struct {
	comparison
	conditions []condition
	variables  []variable
}

// condition is one key under one operator, with what the request has for it.
type condition struct {
	op       iam.Operator
	operands []string
	values   []string
}

// variable is what stands between `${` and `}`.
type variable struct {
	inside string
	key    string
	values []string // of the request; nil when it does not carry the key
}

func newMinimal(c comparison) minimal {
	m := minimal{comparison: c}
	for _, s := range c.doc.Statements {
		for _, c := range s.Condition {
			op, _ := iam.ParseOperator(c.Operator)
			values, _ := m.pair.context().Lookup(c.Key)
			m.conditions = append(m.conditions, condition{op, texts(c.Values), values})
		}
	}
	for _, text := range m.patterns() {
		for _, rest := range strings.Split(text, "${")[1:] {
			inside, _, _ := strings.Cut(rest, "}")
			key, _, _ := strings.Cut(inside, ",")
			values, _ := m.pair.context().Lookup(key)
			m.variables = append(m.variables, variable{inside, key, values})
		}
	}
	return m
}

func texts(values []*iam.Value) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = v.Text
	}
	return out
}

// patterns are the texts of the document in which variables and wildcards may stand.
func (m minimal) patterns() []string {
	var out []string
	for _, s := range m.doc.Statements {
		out = slices.Concat(out, texts(s.Resource), texts(s.NotResource))
	}
	for _, c := range m.conditions {
		out = append(out, c.operands...)
	}
	return out
}

// subjects are the texts of the request that these are compared with.
func (m minimal) subjects() []string {
	out := []string{m.pair.request.Resource}
	for _, c := range m.conditions {
		out = append(out, c.values...)
	}
	return out
}

func (m minimal) anyPattern(f func(string) bool) bool { return slices.ContainsFunc(m.patterns(), f) }
func (m minimal) anySubject(f func(string) bool) bool { return slices.ContainsFunc(m.subjects(), f) }
func (m minimal) anyVariable(f func(variable) bool) bool {
	return slices.ContainsFunc(m.variables, f)
}

// anyValues reports whether a condition of a comparison that begins like this has an operand and a value for which f holds.
func (m minimal) anyValues(comparison string, f func(operand, value string) bool) bool {
	return slices.ContainsFunc(m.conditions, func(c condition) bool {
		return strings.HasPrefix(string(c.op.Comparison), comparison) && slices.ContainsFunc(c.operands, func(o string) bool {
			return slices.ContainsFunc(c.values, func(v string) bool { return f(o, v) })
		})
	})
}

// negated reports whether a condition with such a comparison is negated.
func (m minimal) negated(comparison string) bool {
	return slices.ContainsFunc(m.conditions, func(c condition) bool {
		return c.op.Negated && strings.HasPrefix(string(c.op.Comparison), comparison)
	})
}

// anyPrincipal looks at the ids of Principal and NotPrincipal.
func (m minimal) anyPrincipal(f func(string) bool) bool {
	for _, p := range [...]*iam.Principal{m.doc.Statements[0].Principal, m.doc.Statements[0].NotPrincipal} {
		if p != nil && slices.ContainsFunc(p.Entries, func(e iam.PrincipalEntry) bool { return f(e.ID.Text) }) {
			return true
		}
	}
	return false
}

func (v variable) special() bool    { return v.inside == "*" || v.inside == "?" || v.inside == "$" }
func (v variable) hasDefault() bool { return strings.Contains(v.inside, ", '") }
func (v variable) noValue() bool    { return len(v.values) == 0 && !v.special() && !v.hasDefault() }

// explain finds the class of a difference.
func explain(by peer, c comparison) (class, bool) {
	m := newMinimal(c)
	for _, k := range classes() {
		if k.peer == by.name() && k.is(m) {
			return k, true
		}
	}
	return class{}, false
}

// classes are all, in the order in which they are tried.
func classes() []class { return slices.Concat(simulatorClasses, versityClasses) }
