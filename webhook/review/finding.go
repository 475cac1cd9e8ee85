package review

import (
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/fix"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// Finding is a policy.Finding, where it stands in the object, and what is done about it.
type Finding struct {
	policy.Finding
	Action policy.Action
	Field  string // as people write it: of the setting, the document, or the part of a structured document
	// Exempted names the Exemption that accepts it, "" when none does.
	Exempted string
	// Standing findings were in the object before this update too.
	Standing bool
	// Proof is why the fix of a finding whose Action is Patch is safe: the proof of all fixes of its document together.
	// nil for a field that is unset.
	Proof *fix.Proof
	// Unfixed is why the fix that the rule knows cannot be made, "" where it is, or where there is none. Message has it too.
	Unfixed string

	document int  // index in Reading.Documents, -1 for a setting
	consent  bool // somebody asked for this rule's fixes by its id, also for those that take access away
}

// FixedDocument is a document before and after its fixes, and why the one may take the place of the other.
type FixedDocument struct {
	Field    string
	Old, New string
	Proof    *fix.Proof
}

// locate says where in the object a finding is. In a structured document that is a field of its own: nobody has seen
// the JSON that the provider makes of it, so line and column would say nothing.
func (v *Review) locate(f Finding) Finding {
	if f.document < 0 {
		return f
	}
	d := v.Reading.Documents[f.document]
	f.Field = d.Field
	if !d.ByField() {
		return f
	}
	f.Line, f.Column = 0, 0
	for at := string(f.At); at != ""; at = at[:max(0, strings.LastIndexAny(at, ".["))] {
		if pointer, ok := d.PatchPointer(at); ok {
			f.Field = source.FieldPath(pointer)
			break
		}
	}
	return f
}
