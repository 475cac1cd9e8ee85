package reach

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/public"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// Row is what somebody can do by a bucket policy, one cell for each of Kinds.
type Row struct {
	Who   string
	Cells []Cell
}

// Cell says whether somebody gets in, and where to.
type Cell struct {
	Word      Word
	Example   string // a request that shows it, or why that is undecided
	Resources []string
}

// Word is what a cell says in short; "" where the policy says nothing.
type Word string

// The words of a cell.
const (
	Yes     Word = "yes"     // a request shows it
	If      Word = "if"      // only under a condition
	Unclear Word = "unclear" // undecided
	Denied  Word = "denied"  // allowed, and denied again
)

// Kinds are the columns: what somebody does to a bucket.
func Kinds() []string {
	var out []string
	for _, k := range kinds {
		out = append(out, k.name)
	}
	return out
}

// kind is a column: what the actions of some levels do.
type kind struct {
	name     string
	actions  []string
	accepted *iam.Document // allows all the rest
}

var kinds = []kind{
	newKind("list", catalog.List), newKind("read", catalog.Read), newKind("write", catalog.Write, catalog.Tagging),
	newKind("permissions", catalog.PermissionsManagement),
}

func newKind(name string, levels ...catalog.Level) kind {
	out := kind{name: name}
	for a := range catalog.Actions() {
		if a.InBucketPolicy() && slices.Contains(levels, a.Level()) {
			out.actions = append(out.actions, a.Name())
		}
	}
	out.accepted = iam.NewDocument(map[string]any{"Effect": iam.Allow, "Principal": "*", "Resource": "*", "NotAction": out.actions})
	return out
}

// by reports whether a statement may be about any of the actions.
func (k kind) by(s *iam.Statement) bool {
	return s.NotAction != nil || slices.ContainsFunc(s.Action, func(v *iam.Value) bool {
		p := glob.Compile(v.Text).Fold()
		return slices.ContainsFunc(k.actions, func(a string) bool { return p.Match(strings.ToLower(a)) })
	})
}

// mostRows is how many principals of a policy are looked into.
const mostRows = 30

// Rows asks the engine who of those that a policy names, and who else, can do what. more is how many are left out.
func Rows(doc *iam.Document) (rows []Row, more int) {
	rows = []Row{
		newRow("anyone on the internet", doc, space.AnonymousCallers),
		newRow("any AWS account", doc, space.Strangers, public.Named(doc)),
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
				rows = append(rows, newRow(who, allowedTo(doc, e), space.Everyone))
			}
		}
	}
	return rows, max(0, len(seen)-mostRows)
}

// allowedTo returns the document with what it allows one principal alone, and with all that it denies.
func allowedTo(doc *iam.Document, e iam.PrincipalEntry) *iam.Document {
	var out []iam.Statement
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
		out = append(out, s)
	}
	return doc.With(out...)
}

func newRow(who string, doc *iam.Document, among space.Callers, accepted ...*iam.Document) Row {
	out := Row{Who: who}
	for _, k := range kinds {
		out.Cells = append(out.Cells, newCell(k, doc, among, accepted))
	}
	return out
}

func newCell(k kind, doc *iam.Document, among space.Callers, accepted []*iam.Document) Cell {
	var out Cell
	plain := doc.Only(func(s *iam.Statement) bool { return s.Effect == iam.Deny || len(s.Condition) == 0 })
	for i := range doc.Statements {
		s := &doc.Statements[i]
		if s.Effect == iam.Allow && among.MayUse(s) && k.by(s) {
			out.Resources = append(out.Resources, Texts(s.Resource, s.NotResource)...)
		}
	}
	if len(out.Resources) == 0 {
		return out
	}
	accepted = append([]*iam.Document{k.accepted}, accepted...)
	v := space.Access(doc, among, space.Steps(space.AdmissionBudget), accepted...)
	switch {
	case v.Answer == space.Undecided:
		out.Word, out.Example = Unclear, v.Why()
	case v.Answer == space.None && among == space.Everyone:
		out.Word = Denied
	case v.Answer == space.None:
		return Cell{}
	case len(plain.Statements) == len(doc.Statements),
		space.Access(plain, among, space.Steps(space.AdmissionBudget), accepted...).Answer == space.Found:
		out.Word, out.Example = Yes, v.Witness.String()
	default:
		out.Word, out.Example = If, v.Witness.String()
	}
	slices.Sort(out.Resources)
	out.Resources = slices.Compact(out.Resources)
	return out
}
