package review

import (
	"slices"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// adopt holds down to a warning what a controller itself copies from AWS. ACK adopts a bucket by two writes: the first notes
// that it is adopted while the spec is still empty, the second fills the spec with what is live. To refuse either holds the
// object up for good, and a patch would be sent. The account tells it from anyone who makes an object look the same, and what
// stood in the spec before is no copy: such a write is judged like any other.
func (v *Review) adopt(r Reviewer, old Review) {
	now, before := v.Reading, old.Reading
	notes := before.Mode.Adopting && blank(now)
	if !r.Adopter || !now.Mode.Adopted || !notes && !before.Mode.Adopted || !blank(before) || v.renames(old) {
		return
	}
	v.adopted = true
	for i := range v.Findings {
		v.Findings[i].Action = min(v.Findings[i].Action, policy.Warn)
	}
}

// blank reports whether an object declares nothing of what a controller could copy into it.
func blank(r source.Reading) bool {
	declared := func(b source.PublicAccessBlock) bool { return !b.Absent }
	return len(r.Documents)+len(r.Ownership)+len(r.ACL.Canned)+len(r.ACL.Grants) == 0 &&
		!slices.ContainsFunc(r.PublicAccessBlock, declared)
}

// renames reports whether the object named another bucket before.
func (v Review) renames(old Review) bool {
	return old.bucket.Name.Known() && old.bucket.Name.Value != v.bucket.Name.Value
}
