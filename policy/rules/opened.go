package rules

import (
	"encoding/json"
	"iter"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// partBudget is what one of the questions takes that are asked for each statement of a document.
const partBudget = space.AdmissionBudget / 2

// opened yields each Allow of a document that lets in whom ask asks for: ask is asked again without the Allows that have
// been answered about, until it finds nobody. The statement is nil where the answer is about the whole document.
func opened(doc *iam.Document, ask func(*iam.Document) space.Verdict) iter.Seq2[*iam.Statement, space.Verdict] {
	return func(yield func(*iam.Statement, space.Verdict) bool) {
		for asked := 0; asked < mostAsked; asked++ {
			v := ask(doc)
			if v.Answer == space.None {
				return
			}
			if v.Answer == space.Undecided {
				asked += mostAsked / 8 // which takes the longest
			}
			s := decider(doc, v)
			if !yield(s, v) || s == nil {
				return
			}
			doc = only(doc, func(t *iam.Statement) bool { return t.Value != s.Value })
		}
		if v := ask(doc); v.Answer != space.None {
			yield(nil, space.Verdict{Reason: "there are more such statements than are looked into"})
		}
	}
}

// decider is the statement that an answer other than None is about.
func decider(doc *iam.Document, v space.Verdict) *iam.Statement {
	if v.Answer == space.Found {
		return &doc.Statements[authz.Decide(doc, *v.Witness).Statements[0]]
	}
	place, _, _ := strings.Cut(v.Reason, ": ")
	for i := range doc.Statements {
		if string(doc.Statements[i].Value.Path()) == place {
			return &doc.Statements[i]
		}
	}
	return nil
}

// unsure is the finding that nobody knows something; none where S3 refuses the document as it is. what says what, "whether"
// left out; s is nil for the whole document.
func unsure(in policy.Input, s *iam.Statement, v space.Verdict, what string) []policy.Finding {
	if refusedAnyway(in) {
		return nil
	}
	f := policy.Finding{Message: "whether " + what + " is undecided; " + oneLine(v.Reason)}
	if s != nil {
		why := strings.TrimPrefix(v.Reason, string(s.Value.Path())+": ")
		f = about(s, s.Value.Path(), "whether %s is undecided; %s", what, oneLine(why))
	}
	f.Certainty = policy.Undecided
	return []policy.Finding{f}
}

// ceiled holds findings down to a warning.
func ceiled(findings []policy.Finding) []policy.Finding {
	for i := range findings {
		findings[i].Ceiling = policy.Warn
	}
	return findings
}

// condition is a Condition element: the values of keys, by operator.
type condition map[string]map[string][]string

// text is the element as JSON.
func (c condition) text() string {
	text, err := json.Marshal(c)
	if err != nil {
		panic(err) // it is all strings
	}
	return string(text)
}

// accepting returns a document that allows everybody everything under one of the conditions.
func accepting(conditions ...condition) *iam.Document {
	statements := []any{}
	for _, c := range conditions {
		statements = append(statements, map[string]any{
			"Effect": iam.Allow, "Principal": "*", "Action": "*", "Resource": "*", "Condition": c,
		})
	}
	return iam.NewDocument(statements...)
}
