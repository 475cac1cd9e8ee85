package files

import (
	"fmt"
	"slices"
	"strings"

	"gomodules.xyz/jsonpatch/v2"

	"github.com/bucketwarden/bucketwarden/webhook/review"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// noteTemplates says what is not judged in objects that are filled in later, and what cannot be read at all.
func (in *Inputs) noteTemplates() {
	for _, f := range in.Files {
		in.Notes = append(append(in.Notes, f.Notes...), f.Near...)
		for _, item := range f.Items {
			if len(item.Filled.Fields) == 0 {
				continue
			}
			kind, _ := item.Object["kind"].(string)
			note := fmt.Sprintf("%s:%d: %s depends on %s, which is patched: what depends on it is not judged",
				f.Name, item.Line, kind, strings.Join(item.Filled.Fields, ", "))
			if item.Filled.Render != "" {
				note += "; render it: " + item.Filled.Render
			}
			in.Notes = append(in.Notes, note)
		}
	}
}

// keepDocuments leaves only what was found in policies: a setting that is filled in later may make up for any other.
func keepDocuments(v *review.Review) {
	ofDocument := func(field string) bool {
		return slices.ContainsFunc(v.Reading.Documents, func(d source.Embedded) bool { return strings.HasPrefix(field, d.Field) })
	}
	v.Findings = slices.DeleteFunc(v.Findings, func(f review.Finding) bool { return !ofDocument(f.Field) })
	v.Patch = slices.DeleteFunc(v.Patch, func(op jsonpatch.Operation) bool {
		return !slices.ContainsFunc(v.Reading.Documents, func(d source.Embedded) bool { return strings.HasPrefix(op.Path, d.Pointer) })
	})
}
