package rules

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// Removed are only statements and elements without which, all at once, the document allows the same and denies the same.
var redundant = &policy.Rule{
	ID:      "BW807",
	Name:    "redundant",
	Summary: "an element or a statement is covered by another one",
	Why: "What is written twice is changed once: whoever removes an action from one place believes that it is gone. A role " +
		"listed together with its account is not redundant in an Allow, because a principal that the bucket policy names " +
		"itself needs no policy in its own account.",
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-resource-based.html",
	},
	Controls: policy.Controls{AccessAnalyzer: []string{
		"REDUNDANT_ACTION", "REDUNDANT_RESOURCE", "REDUNDANT_STATEMENT", "REDUNDANT_CONDITION_VALUE_NUM",
	}},
	Severity: policy.Info,
	Baseline: policy.Audit, Restricted: policy.Audit,
	Yields: policy.Yields{Document: incomplete, Statement: refusals},
	Check:  checkRedundant,
}

func checkRedundant(in policy.Input) []policy.Finding {
	var l looks
	for s := range statements(in) {
		l.statement(s)
	}
	twice := l.repeated(in)
	if len(l.found) == 0 && len(twice) == 0 && l.unseen == nil {
		return nil
	}
	out := l.needless(in, twice)
	for _, e := range l.proved(in) {
		how := "is covered by " + value(e.by)
		if e.twice() {
			how = "is listed twice"
		}
		f := about(e.s, e.v.Path(), "%s %s %s; remove it", e.what, value(e.v.Text), how)
		f.Fix = &policy.Fix{Class: policy.Equivalent, Description: "remove what is covered", Edits: []iam.Edit{{At: e.v.Path()}}}
		out = append(out, f)
	}
	switch {
	case l.asked > mostAsked:
		return unfinished(out, l.unseen, "whether more is covered", mostAsked, "searches")
	case l.unseen != nil:
		return unfinished(out, l.unseen, "whether more is covered", mostLooks, "comparisons")
	case l.unneeded != nil:
		return unfinished(out, l.unneeded, "whether the statement is needed", searches(in), "searches")
	}
	return out
}

// proved returns the elements without which, all at once, each statement matches the same. Where that is not proved of all
// of a statement, they are tried one after the other.
func (l *looks) proved(in policy.Input) []element {
	var out []element
	for len(l.found) > 0 {
		s := l.found[0].s
		n := slices.IndexFunc(append(l.found, element{}), func(e element) bool { return e.s != s })
		mine := l.found[:n:n]
		l.found = l.found[n:]
		if in.Yields(s.Value.Path()) {
			continue
		}
		if !l.same(in, mine) {
			var some []element
			for _, e := range mine {
				if more := slices.Concat(some, []element{e}); l.same(in, more) {
					some = more
				}
			}
			mine = some
		}
		out = append(out, mine...)
	}
	return out
}

// same asks whether a statement matches the same without some of its elements.
func (l *looks) same(in policy.Input, gone []element) bool {
	if !slices.ContainsFunc(gone, func(e element) bool { return !e.twice() }) {
		return true
	}
	if l.asked++; l.asked > mostAsked {
		l.unseen = gone[0].s
		return false
	}
	var edits []iam.Edit
	for _, e := range gone {
		edits = append(edits, iam.Edit{At: e.v.Path()})
	}
	text, err := in.Document.Apply(edits)
	if err != nil {
		return false
	}
	fixed, err := iam.Parse(text)
	if err != nil {
		return false
	}
	i := gone[0].s.Value.Path().Statement()
	return space.Compare(matching(in.Document, i), matching(fixed, i), in.Budget.Share(tidySteps)).Relation() == space.Equivalent
}

// matching returns a document that allows what one statement matches, whatever that is for.
func matching(doc *iam.Document, i int) *iam.Document {
	s := doc.Statements[i]
	s.Effect = iam.Allow
	return doc.With(s)
}

// part returns the statements of one effect as a document that allows what they match.
func part(doc *iam.Document, effect iam.Effect) *iam.Document {
	var out []iam.Statement
	for _, s := range doc.Statements {
		if s.Effect == effect {
			s.Effect = iam.Allow
			out = append(out, s)
		}
	}
	return doc.With(out...)
}

// repeated returns the statements that a look does not show to be needed, the last first: of what is said twice, what was
// said first stays.
func (l *looks) repeated(in policy.Input) []*iam.Statement {
	named := map[string]int{}
	for s := range statements(in) {
		for _, caller := range callers(s) {
			named[caller]++
		}
	}
	parts := map[iam.Effect]*iam.Document{}
	var out []*iam.Statement
	for _, s := range slices.Backward(in.Statements()) {
		if who := callers(&s); len(who) == 0 || named[who[0]] < 2 {
			continue // as most are
		}
		if l.taken += len(in.Document.Statements); l.taken > mostLooks {
			l.unseen = &s
			break
		}
		if parts[s.Effect] == nil {
			parts[s.Effect] = part(in.Document, s.Effect)
		}
		if !aloneIn(parts[s.Effect], s) {
			out = append(out, &in.Document.Statements[s.Value.Path().Statement()])
		}
	}
	return out
}

// callers is what another statement has to name too to cover this one: in an Allow its callers as they are written, as those
// whom a bucket policy names need less from their account's policies. A Deny is a Deny however it names them.
func callers(s *iam.Statement) []string {
	switch {
	case s.Effect == iam.Deny:
		return []string{"Deny"}
	case s.Principal == nil:
		return nil
	case s.Principal.Any:
		return []string{"*"}
	}
	var out []string
	for _, e := range s.Principal.Entries {
		out = append(out, e.Type+" "+e.ID.Text)
	}
	return out
}

// mayCover reports whether t has an effect and callers to cover s.
func mayCover(t, s *iam.Statement) bool {
	by := map[string]bool{}
	for _, c := range callers(t) {
		by[c] = true
	}
	return t.Effect == s.Effect && !slices.ContainsFunc(callers(s), func(c string) bool { return !by[c] })
}

// aloneIn reports whether a look shows a request that no other statement of a document matches.
func aloneIn(doc *iam.Document, s iam.Statement) bool {
	r, _, ok := example(&s)
	if !ok {
		return false
	}
	by := authz.Decide(doc, everyday(r, nil)).Statements
	return len(by) == 1 && doc.Statements[by[0]].Value == s.Value
}

// needless is the findings about statements that nothing would change without. Each is asked about without those that
// are found before it, so that all of them can go at once.
func (l *looks) needless(in policy.Input, twice []*iam.Statement) []policy.Finding {
	var out []policy.Finding
	gone := map[*iam.Value]bool{}
	for n, s := range twice {
		if n == searches(in) {
			l.unneeded = s
			break
		}
		doc := in.Document.Only(func(t *iam.Statement) bool {
			return t.Value == s.Value || !gone[t.Value] && (mayCover(t, s) || t.Effect == iam.Deny)
		})
		i := slices.IndexFunc(doc.Statements, func(t iam.Statement) bool { return t.Value == s.Value })
		at := s.Value.Path()
		if in.Yields(at) || namesMore(in.Document, doc) || space.Needed(doc, i, in.Budget.Share(tidySteps)).Answer != space.None ||
			space.Decides(in.Document, at.Statement(), in.Budget.Share(tidySteps)).Answer == space.None { // which is BW806's
			continue
		}
		gone[s.Value] = true
		f := about(s, s.Value.Path(), "other statements already cover it; remove it")
		f.Fix = &policy.Fix{Class: policy.Equivalent, Description: "remove the statement", Edits: []iam.Edit{{At: s.Value.Path()}}}
		out = append(out, f)
	}
	return out
}

// namesMore reports whether a document names an action that S3 does not know in a statement that a part of it lacks: such an
// action is asked about only where it is named.
func namesMore(doc, part *iam.Document) bool {
	return slices.ContainsFunc(doc.Statements, func(s iam.Statement) bool {
		return !slices.ContainsFunc(part.Statements, func(t iam.Statement) bool { return t.Value == s.Value }) &&
			slices.ContainsFunc(slices.Concat(s.Action, s.NotAction), func(v *iam.Value) bool {
				_, known := catalog.LookupAction(v.Text)
				return !known && !strings.ContainsAny(v.Text, "*?")
			})
	})
}
