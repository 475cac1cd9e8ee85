package files

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gomodules.xyz/jsonpatch/v2"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/plain"
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/webhook/review"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// noteTemplates says what is not judged in objects that are filled in later, and what cannot be read at all.
func (in *Inputs) noteTemplates() {
	in.notePlaceholders()
	for _, f := range in.Files {
		in.Notes = append(append(in.Notes, f.Notes...), f.Near...)
		for _, item := range f.Items {
			if note := filledNote(item); note != "" {
				in.Notes = append(in.Notes, note)
			}
		}
	}
}

// notePlaceholders says once of each field which objects have a placeholder in it.
func (in *Inputs) notePlaceholders() {
	byPath := map[string][]*manifest.Item{}
	from := map[string]string{}
	for item := range in.items() {
		for _, p := range item.Filled.Placeholders {
			if all := byPath[p.Path]; len(all) == 0 || all[len(all)-1] != item {
				byPath[p.Path] = append(all, item)
			}
			from[p.Path] = cmp.Or(from[p.Path], p.From)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(byPath)) {
		in.Notes = append(in.Notes, fmt.Sprintf("%s has a placeholder such as %s, so what depends on it is not judged; render it first, "+
			"as with %s: %s", path, plain.Quote(from[path], 60), filler(from[path]), places(byPath[path])))
	}
}

// filler returns a command that fills in placeholders of a form.
func filler(placeholder string) string {
	switch {
	case strings.Contains(placeholder, "<path:"):
		return "argocd-vault-plugin generate"
	case strings.Contains(placeholder, "ARGOCD_"):
		return "argocd app manifests"
	case strings.Contains(placeholder, "{{"):
		return "helm template"
	case strings.Contains(placeholder, "%"):
		return "crossplane render"
	}
	return "flux envsubst"
}

// filledNote says what of an item is not judged, "" when everything is.
func filledNote(item *manifest.Item) string {
	var whole, parts []string
	for _, f := range item.Filled.Fields {
		whole = append(whole, filledFrom(f))
	}
	for _, p := range item.Filled.Policies {
		parts = append(parts, filledFrom(p.FilledField))
	}
	if len(whole)+len(parts) == 0 {
		return ""
	}
	kind, _ := item.Object["kind"].(string)
	note := fmt.Sprintf("%s:%d: %s depends on ", item.File.Name, item.Line, kind)
	if len(whole) > 0 {
		note += strings.Join(whole, ", and on ") + ": what depends on it is not judged"
	}
	if len(whole) > 0 && len(parts) > 0 {
		note += "; and on "
	}
	if len(parts) > 0 {
		note += strings.Join(parts, ", and on ") + ": only what holds for every value without quotes is reported"
	}
	if item.Filled.Render != "" {
		note += "; render it: " + item.Filled.Render
	}
	return note
}

func filledFrom(f manifest.FilledField) string {
	if f.From == "" {
		return f.Path + ", which is patched"
	}
	const most = 100
	from := f.From
	if len(from) > most {
		from = strings.ToValidUTF8(from[:most], "") + "..."
	}
	return f.Path + ", which is patched from " + from
}

// keepDocuments leaves only what was found in policies: a setting that is filled in later may make up for any other. A public ACL
// in a patch is somebody's intention, whatever contains it elsewhere: it warns.
func keepDocuments(v *review.Review, patch bool) {
	v.Findings = slices.DeleteFunc(v.Findings, func(f review.Finding) bool {
		return !ofDocument(*v, f.Field) && (!patch || f.Rule.ID != rules.PublicACL.ID)
	})
	for i := range v.Findings {
		if f := &v.Findings[i]; !ofDocument(*v, f.Field) {
			f.Action = min(f.Action, policy.Warn)
		}
	}
	v.Patch = slices.DeleteFunc(v.Patch, func(op jsonpatch.Operation) bool {
		return !slices.ContainsFunc(v.Reading.Documents, func(d source.Embedded) bool { return strings.HasPrefix(op.Path, d.Pointer) })
	})
}

// ofDocument reports whether a field is a policy of the object, or in one.
func ofDocument(v review.Review, field string) bool {
	return slices.ContainsFunc(v.Reading.Documents, func(d source.Embedded) bool { return strings.HasPrefix(field, d.Field) })
}
