package rules

import (
	"iter"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

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
			doc = doc.Only(func(t *iam.Statement) bool { return t.Value != s.Value })
		}
		if v := ask(doc); v.Answer != space.None {
			yield(nil, space.Verdict{Reason: "there are more such statements than are checked"})
		}
	}
}

// decider is the statement that an answer other than None is about.
func decider(doc *iam.Document, v space.Verdict) *iam.Statement {
	if v.Answer == space.Found {
		return &doc.Statements[authz.Decide(doc, *v.Witness).Statements[0]]
	}
	for i := range doc.Statements {
		if v.At != "" && doc.Statements[i].Value.Path() == v.At {
			return &doc.Statements[i]
		}
	}
	return nil
}
