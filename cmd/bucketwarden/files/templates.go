package files

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gomodules.xyz/jsonpatch/v2"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/holes"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook/review"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// noteTemplates says what is not judged in objects that are filled in later, and what cannot be read at all.
func (in *Inputs) noteTemplates() {
	for _, f := range in.Files {
		in.Notes = append(append(in.Notes, f.Notes...), f.Near...)
		for _, item := range f.Items {
			if note := filledNote(item); note != "" {
				in.Notes = append(in.Notes, note)
			}
		}
	}
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

// reviewFilled judges an object. Of a policy of which parts are filled in later only what is found whatever they are is kept,
// about statements that have none, and nothing is fixed. What depends on them is a note.
func (in *Inputs) reviewFilled(ctx context.Context, r review.Reviewer, item *manifest.Item) (review.Review, error) {
	v, _, err := r.Object(ctx, item.Object, &in.index)
	if err != nil || len(item.Filled.Policies) == 0 {
		return v, err
	}
	v.Patch, v.Fixed = nil, nil
	open := map[string]bool{}
	var fields []string
	for _, p := range item.Filled.Policies {
		fields = append(fields, filledFrom(p.FilledField))
		for _, e := range p.Extremes {
			other, _, err := r.Object(ctx, p.With(item, e.Text), &in.index)
			if err != nil {
				return v, err
			}
			found := foundIn(other)
			v.Findings = slices.DeleteFunc(v.Findings, func(f review.Finding) bool {
				where := placeIn(p, f)
				_, there := found[placeOf(f)]
				depends := where == holes.Open || slices.Contains(e.About, where) && !there
				// What S3 itself would refuse of the made-up value says nothing of another.
				open[f.Rule.ID] = open[f.Rule.ID] || depends && f.Rule.Severity != policy.SeverityError
				return depends
			})
			for i, f := range v.Findings {
				if slices.Contains(e.About, placeIn(p, f)) {
					v.Findings[i].Message = p.Words(found[placeOf(f)])
				}
				v.Findings[i].Witness, v.Findings[i].Fix, v.Findings[i].Proof = nil, nil, nil
			}
		}
	}
	maps.DeleteFunc(open, func(_ string, depends bool) bool { return !depends })
	if len(open) > 0 {
		in.Notes = append(in.Notes, fmt.Sprintf("%s:%d: whether there is %s depends on %s", item.File.Name, item.Line,
			strings.Join(slices.Sorted(maps.Keys(open)), ", "), strings.Join(fields, ", and on ")))
	}
	return v, nil
}

// placeIn returns where a finding is. Of a statement with a Resource that is open, only what is said of callers and conditions,
// or of access that there is, may hold for all.
func placeIn(p manifest.FilledPolicy, f review.Finding) holes.Place {
	if !strings.HasPrefix(f.Field, p.Path) {
		return holes.Closed
	}
	where := p.Place(f.At)
	if where == holes.Resource && !f.Rule.Accepts && !strings.Contains(string(f.At), "].Principal") && !strings.Contains(string(f.At), "].Condition") {
		return holes.Open
	}
	return where
}

// foundAt is what a finding is about, however it is worded.
type foundAt struct{ rule, field, at string }

func placeOf(f review.Finding) foundAt { return foundAt{f.Rule.ID, f.Field, string(f.At)} }

// foundIn returns the messages of what is found, the first of each place.
func foundIn(v review.Review) map[foundAt]string {
	out := map[foundAt]string{}
	for _, f := range v.Findings {
		if _, there := out[placeOf(f)]; !there {
			out[placeOf(f)] = f.Message
		}
	}
	return out
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
