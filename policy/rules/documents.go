package rules

import (
	"encoding/json"
	"slices"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

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

// allBut returns a document that allows everybody everything but some actions.
func allBut(actions []string) *iam.Document {
	return iam.NewDocument(map[string]any{"Effect": iam.Allow, "Principal": "*", "Resource": "*", "NotAction": actions})
}

// allowing returns a document with one more statement, an Allow.
func allowing(doc *iam.Document, principal, action string, resources []string, condition string) *iam.Document {
	more, err := iam.Parse(`{"Statement": {"Effect": "Allow", "Principal": ` + principal + `, "Action": ` + iam.NewString(action).Compact() +
		`, "Resource": ` + iam.NewStrings(resources...).Compact() + `, "Condition": ` + condition + `}}`)
	if err != nil {
		panic(err) // every text of a document is a string again
	}
	return doc.With(slices.Concat(doc.Statements, more.Statements)...)
}
