package review

import (
	"slices"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// Weakens says what protection goes when the object is deleted, "" when none does. With a bucket goes what was to be
// protected.
func (v Review) Weakens() string {
	if v.Reading.Source.Kind == "Bucket" {
		return ""
	}
	for _, d := range v.Reading.Documents {
		doc, err := iam.Parse(d.Raw)
		if err != nil || d.Shadowed {
			continue
		}
		if slices.ContainsFunc(doc.Statements, func(s iam.Statement) bool { return s.Effect == iam.Deny }) {
			return "bucketwarden: deleting this removes the policy's Deny statements from the bucket"
		}
	}
	if block, ok := v.Reading.BlockPublicAccess(); ok && !block.Absent {
		return "bucketwarden: deleting this turns off Block Public Access"
	}
	if len(v.Reading.Ownership) > 0 {
		return "bucketwarden: deleting this removes the Object Ownership setting; ACLs may take effect again"
	}
	return ""
}
