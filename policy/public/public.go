// Package public says what S3 and people call public: the status that S3 gives a policy by its fixed values, whether anybody
// gets in whom a document does not single out, and whom somebody trusts.
//
// The two notions differ. S3's status looks at each Allow by itself and counts no Deny; Access asks the engine, package
// space, about the whole document.
package public

import (
	"slices"
	"sync"

	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// strangers are who gets in where nobody is named.
const strangers = space.AnonymousCallers | space.Strangers

// Access asks whether anybody gets in whom the document does not single out, for what nobody has accepted: an anonymous
// caller, or a signed one of any account, from no network, organization or source that the document names.
func Access(doc *iam.Document, budget space.Budget, accepted ...*iam.Document) space.Verdict {
	crowd := sync.OnceValue(func() bool { return crowded(doc) })
	open := func(s *iam.Statement) bool { return strangers.MayUse(s) && !singlesOut(doc, s, crowd()) }
	isOpen := func(s iam.Statement) bool { return s.Effect == iam.Allow && open(&s) }
	if slices.ContainsFunc(doc.Statements, isOpen) { // or Named would be made for nothing, as for most policies
		accepted = append([]*iam.Document{Named(doc)}, accepted...)
	}
	return space.AccessBy(doc, strangers, open, budget, accepted...)
}
