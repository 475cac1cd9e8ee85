package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/public"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// accessRow is what somebody can do by a bucket policy, one cell for each of accessKinds.
type accessRow struct {
	who   string
	cells []accessCell
}

// accessCell says whether somebody gets in, and where to. The word is one of those in cellWords, "" where the policy says nothing.
type accessCell struct {
	word, example string
	resources     []string
}

// The words of a cell, and what they mean.
const (
	cellYes     = "yes"
	cellIf      = "if"
	cellUnclear = "unclear"
	cellDenied  = "denied"
)

var cellWords = [...][2]string{
	{cellYes, "a request shows it"}, {cellIf, "only under a condition"}, {cellUnclear, "undecided"},
	{cellDenied, "allowed, and denied again"},
}

// accessKind is a column: what the actions of some levels do.
type accessKind struct {
	name     string
	actions  []string
	accepted *iam.Document // allows all the rest
}

var accessKinds = []accessKind{
	newAccessKind("list", catalog.List), newAccessKind("read", catalog.Read), newAccessKind("write", catalog.Write, catalog.Tagging),
	newAccessKind("permissions", catalog.PermissionsManagement),
}

func newAccessKind(name string, levels ...catalog.Level) accessKind {
	out := accessKind{name: name}
	for a := range catalog.Actions() {
		if a.InBucketPolicy() && slices.Contains(levels, a.Level()) {
			out.actions = append(out.actions, a.Name())
		}
	}
	out.accepted = iam.NewDocument(map[string]any{"Effect": iam.Allow, "Principal": "*", "Resource": "*", "NotAction": out.actions})
	return out
}

// by tells whether a statement may be about any of the actions.
func (k accessKind) by(s *iam.Statement) bool {
	return s.NotAction != nil || slices.ContainsFunc(s.Action, func(v *iam.Value) bool {
		p := glob.Compile(v.Text).Fold()
		return slices.ContainsFunc(k.actions, func(a string) bool { return p.Match(strings.ToLower(a)) })
	})
}

// mostRows is how many principals of a policy are looked into.
const mostRows = 30

// accessMap asks the engine who of those that a policy names, and who else, can do what. more is how many are left out.
func accessMap(doc *iam.Document) (rows []accessRow, more int) {
	rows = []accessRow{
		newAccessRow("anyone on the internet", doc, space.AnonymousCallers),
		newAccessRow("any AWS account", doc, space.Strangers, public.Named(doc)),
	}
	var seen []string
	for _, s := range doc.Statements {
		if s.Effect != iam.Allow || s.Principal == nil {
			continue
		}
		for _, e := range s.Principal.Entries {
			who := e.ID.Text
			if who == "*" || slices.Contains(seen, who) {
				continue
			}
			if seen = append(seen, who); len(seen) <= mostRows {
				rows = append(rows, newAccessRow(who, allowedTo(doc, e), space.Everyone))
			}
		}
	}
	return rows, max(0, len(seen)-mostRows)
}

// allowedTo returns the document with what it allows one principal alone, and with all that it denies.
func allowedTo(doc *iam.Document, e iam.PrincipalEntry) *iam.Document {
	out := *doc
	out.Statements = nil
	for _, s := range doc.Statements {
		if s.Effect == iam.Allow {
			named := s.Principal != nil && slices.ContainsFunc(s.Principal.Entries, func(f iam.PrincipalEntry) bool {
				return f.Type == e.Type && f.ID.Text == e.ID.Text
			})
			if !named {
				continue
			}
			s.Principal = &iam.Principal{Entries: []iam.PrincipalEntry{e}, Value: s.Principal.Value}
		}
		out.Statements = append(out.Statements, s)
	}
	return &out
}

func newAccessRow(who string, doc *iam.Document, among space.Callers, accepted ...*iam.Document) accessRow {
	out := accessRow{who: who}
	for _, k := range accessKinds {
		out.cells = append(out.cells, newAccessCell(k, doc, among, accepted))
	}
	return out
}

func newAccessCell(k accessKind, doc *iam.Document, among space.Callers, accepted []*iam.Document) accessCell {
	var out accessCell
	plain := *doc // without what is allowed under a condition
	plain.Statements = nil
	for i := range doc.Statements {
		s := &doc.Statements[i]
		if s.Effect == iam.Deny || len(s.Condition) == 0 {
			plain.Statements = append(plain.Statements, *s)
		}
		if s.Effect == iam.Allow && among.MayUse(s) && k.by(s) {
			out.resources = append(out.resources, textsOf(s.Resource, s.NotResource)...)
		}
	}
	if len(out.resources) == 0 {
		return out
	}
	accepted = append([]*iam.Document{k.accepted}, accepted...)
	v := space.Access(doc, among, space.Steps(space.AdmissionBudget), accepted...)
	switch {
	case v.Answer == space.Undecided:
		out.word, out.example = cellUnclear, v.Why()
	case v.Answer == space.None && among == space.Everyone:
		out.word = cellDenied
	case v.Answer == space.None:
		return accessCell{}
	case len(plain.Statements) == len(doc.Statements),
		space.Access(&plain, among, space.Steps(space.AdmissionBudget), accepted...).Answer == space.Found:
		out.word, out.example = cellYes, v.Witness.String()
	default:
		out.word, out.example = cellIf, v.Witness.String()
	}
	slices.Sort(out.resources)
	out.resources = slices.Compact(out.resources)
	return out
}

// accessMap writes who can do what by a document, as a region with a name of its own. Of one that cannot be read, or is of users and
// roles, there is nothing to say.
func (p *htmlPage) accessMap(text, by, name string, open bool) {
	doc, err := iam.Parse(text)
	if err != nil || len(doc.Statements) == 0 || doc.IsIdentityPolicy() {
		return
	}
	rows, more := accessMap(doc)
	var attributes []string
	if open {
		attributes = []string{"open", "open"}
	}
	p.open("details", attributes...)
	p.element("summary", "Who can do what by "+by)
	p.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", name)
	p.open("table")
	p.open("thead")
	p.open("tr")
	p.element("th", "who", "scope", "col")
	for _, k := range accessKinds {
		p.element("th", k.name, "scope", "col")
	}
	p.end("tr")
	p.end("thead")
	p.open("tbody")
	for _, r := range rows {
		p.open("tr")
		p.element("th", r.who, "scope", "row")
		for _, c := range r.cells {
			p.accessCell(c)
		}
		p.end("tr")
	}
	p.end("tbody")
	p.end("table")
	p.end("div")
	var legend []string
	for _, w := range cellWords {
		legend = append(legend, w[0]+": "+w[1])
	}
	note := strings.Join(legend, "; ") + ". A Deny may take away a part of what a cell says."
	if more > 0 {
		note += fmt.Sprintf(" %d more principals are left out.", more)
	}
	p.element("p", note, "class", "place")
	p.end("details")
}

func (p *htmlPage) accessCell(c accessCell) {
	if c.word == "" {
		p.element("td", "–")
		return
	}
	const most = 3 // resources; the rest is in the policy
	p.open("td", "class", c.word, "title", c.example)
	p.element("b", c.word)
	for i, r := range c.resources {
		if i == most {
			p.element("small", fmt.Sprintf("and %d more", len(c.resources)-most))
			break
		}
		p.element("small", r)
	}
	p.end("td")
}
