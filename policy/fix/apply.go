// Package fix makes the edits that findings propose, and proves what an edit can change.
//
// [Apply] edits text: bytes that no fix is about stay as they are. [Prove] asks the engine, package space, whether the new
// document allows anything more, denies anything less, or loses a request that S3 would serve, and has every certificate
// checked. [Refusals] are the requests whose loss is none, because S3 refuses or ignores them. What is not proved is not
// done, however harmless it may be.
package fix

import (
	"errors"
	"fmt"
	"slices"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// ErrNoStatement is the error for fixes that would leave no statement. S3 refuses such a document, and some controllers
// delete the whole policy instead, with every Deny that the next version of it may hold.
var ErrNoStatement = errors.New("no statement would be left; delete the policy instead")

// Apply returns the document with all fixes made at once. Bytes that no edit is about stay as they are.
// The error is Plan's, or names the edit that contradicts another one or has no place in the document.
func Apply(doc *iam.Document, fixes []policy.Fix) (*iam.Document, error) {
	edits, compact, err := Plan(doc, fixes)
	if err != nil {
		return nil, err
	}
	text, err := doc.Apply(edits)
	if err != nil {
		return nil, err
	}
	fixed, err := iam.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("the fixed document cannot be read: %w", err)
	}
	if compact {
		return iam.Parse(fixed.Root().Compact())
	}
	if size := len(text); size > iam.MostKept && size > len(doc.Text()) {
		return nil, fmt.Errorf("the fixed document would have %d bytes, and S3 accepts %d", size, iam.MostKept)
	}
	return fixed, nil
}

// Plan returns the edits that Apply makes: what several fixes add to one place is added side by side, and a statement goes with
// the last of its actions, or the last of its resources. Fields of the object are the caller's. compact tells that white space
// is to go as well, after the edits. The error is ErrNoStatement.
func Plan(doc *iam.Document, fixes []policy.Fix) (edits []iam.Edit, compact bool, err error) {
	for _, f := range fixes {
		for _, e := range f.Edits {
			if e.At == "" && e.New != nil && e.New.Compact() == doc.Root().Compact() {
				compact = true // white space only: last, or it would undo the others
				continue
			}
			edits = append(edits, e)
		}
	}
	edits, err = cascade(doc, gathered(doc, edits))
	return edits, compact, err
}

// cascade adds the removal of every statement that the edits leave without actions or resources.
func cascade(doc *iam.Document, edits []iam.Edit) ([]iam.Edit, error) {
	removed := make(map[*iam.Value]bool, len(edits))
	for _, e := range edits {
		if v := doc.Lookup(e.At); v != nil && e.New == nil {
			removed[v] = true
		}
	}
	if len(removed) == 0 {
		return edits, nil
	}
	left := len(doc.Statements)
	for _, s := range doc.Statements {
		switch {
		case removed[s.Value]:
			left--
		case emptied(s.Value.Member("Action"), removed), emptied(s.Value.Member("Resource"), removed):
			left--
			edits = append(edits, iam.Edit{At: s.Value.Path()})
		}
	}
	if left == 0 || removed[doc.Root().Member("Statement")] {
		return nil, ErrNoStatement
	}
	return edits, nil
}

// emptied reports whether an element goes, itself or with all that it lists.
func emptied(v *iam.Value, removed map[*iam.Value]bool) bool {
	switch {
	case v == nil:
		return false
	case removed[v]:
		return true
	}
	return len(v.Elements) > 0 && !slices.ContainsFunc(v.Elements, func(e *iam.Value) bool { return !removed[e] })
}
