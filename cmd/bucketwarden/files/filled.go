package files

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/holes"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook/review"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// reviewFilled judges an object. Of a policy of which parts are filled in later only what is found whatever they are is kept,
// about statements that have none, and nothing is fixed. What depends on them is a note.
func (in *Inputs) reviewFilled(ctx context.Context, r review.Reviewer, item *manifest.Item) (review.Review, error) {
	v, _, err := r.Object(ctx, item.Object, &in.index)
	if err != nil {
		return v, err
	}
	if err := in.addUnnamed(ctx, r, item, &v); err != nil {
		return v, err
	}
	if item.Carried() {
		leave(&v)
	}
	open := map[string]bool{}
	var fields []string
	for _, p := range item.Filled.Policies {
		fields = append(fields, filledFrom(p.FilledField))
		o := opened{p.Path, p.Policy, p.Extremes, func(text string) (review.Review, error) {
			other, _, err := r.Object(ctx, p.With(item, text), &in.index)
			return other, err
		}}
		if err := o.settle(&v, open, true); err != nil {
			return v, err
		}
	}
	if len(open) > 0 {
		in.Notes = append(in.Notes, fmt.Sprintf("%s:%d: whether there is %s depends on %s", item.File.Name, item.Line,
			strings.Join(slices.Sorted(maps.Keys(open)), ", "), strings.Join(fields, ", and on ")))
	}
	return v, in.settlePlaceholders(&v, func(d source.Embedded, text string) (review.Review, error) {
		other, _, err := r.Object(ctx, manifest.FilledPolicy{Pointer: d.Pointer}.With(item, text), &in.index)
		return other, err
	})
}

// addUnnamed adds what is found of the settings of an object whatever its bucket is called. Without any name a controller does nothing,
// so that nothing would be found.
func (in *Inputs) addUnnamed(ctx context.Context, r review.Reviewer, item *manifest.Item, v *review.Review) error {
	if len(item.Filled.Names) == 0 {
		return nil
	}
	all := map[foundAt][]string{}
	names := []string{"q1", "x2", "q1--use1-az1--x-s3"} // the last is a directory bucket, of which many rules do not speak
	var first review.Review
	for i, name := range names {
		other, _, err := r.Object(ctx, item.Called(name), &in.index)
		if err != nil {
			return err
		}
		if i == 0 {
			first = other
		}
		for at, message := range foundIn(other) {
			all[at] = append(all[at], message)
		}
	}
	known := foundIn(*v)
	for _, f := range first.Findings {
		at := placeOf(f)
		_, there := known[at]
		same := len(all[at]) == len(names) && all[at][0] == all[at][1] && all[at][0] == all[at][2]
		if !there && same && !ofDocument(*v, f.Field) {
			f.Fix = nil
			v.Findings = append(v.Findings, f)
		}
	}
	return nil
}

// settlePlaceholders leaves of what was found in policies with placeholders only what does not depend on these, beside what
// BW112 says of them. judge reviews another text in the place of a document.
func (in *Inputs) settlePlaceholders(v *review.Review, judge func(source.Embedded, string) (review.Review, error)) error {
	for _, d := range v.Reading.Documents {
		refused := func(f review.Finding) bool {
			return isPlaceholder(f) && f.Action == policy.Deny && strings.HasPrefix(f.Field, d.Field)
		}
		all := holes.Placeholders(d.Raw)
		if len(all) == 0 || d.Structured != nil || d.Encoded != "" || !slices.ContainsFunc(v.Findings, refused) {
			continue
		}
		p, ok := holes.NewPolicy(d.Raw, all)
		if !ok {
			continue
		}
		first := holes.Extreme{Text: p.Text, About: []holes.Place{holes.Closed, holes.Resource}}
		o := opened{d.Field, p, append([]holes.Extreme{first}, p.Extremes...), func(text string) (review.Review, error) { return judge(d, text) }}
		if err := o.settle(v, map[string]bool{}, false); err != nil {
			return err
		}
	}
	return nil
}

// isPlaceholder reports whether a finding may be about a placeholder.
func isPlaceholder(f review.Finding) bool { return f.Rule.ID == "BW112" }

// opened is a policy with holes, and how it is judged with another text.
type opened struct {
	field    string
	policy   holes.Policy
	extremes []holes.Extreme
	judge    func(text string) (review.Review, error)
}

// settle leaves of a review what holds for all extremes, and nothing to fix. It adds the rules of which something is left out to
// open. reword says whether the messages are about a made-up filling, and are to be as the extremes have them.
func (o opened) settle(v *review.Review, open map[string]bool, reword bool) error {
	for _, e := range o.extremes {
		other, err := o.judge(e.Text)
		if err != nil {
			return err
		}
		found := foundIn(other)
		v.Findings = slices.DeleteFunc(v.Findings, func(f review.Finding) bool {
			if !reword && isPlaceholder(f) {
				return false
			}
			where := o.place(f)
			_, there := found[placeOf(f)]
			depends := where == holes.Open || slices.Contains(e.About, where) && !there
			// What S3 itself would refuse of the made-up value says nothing of another.
			if depends && f.Rule.Severity != policy.SeverityError {
				open[f.Rule.ID] = true
			}
			return depends
		})
		for i, f := range v.Findings {
			if reword && slices.Contains(e.About, o.place(f)) {
				v.Findings[i].Message = o.policy.Words(found[placeOf(f)])
			}
		}
	}
	for i := range v.Findings {
		v.Findings[i].Witness = nil
	}
	leave(v)
	return nil
}

// leave has nothing fixed. What would be patched is warned of.
func leave(v *review.Review) {
	v.Patch, v.Fixed = nil, nil
	for i := range v.Findings {
		f := &v.Findings[i]
		f.Fix, f.Proof = nil, nil
		if f.Action == policy.Patch {
			f.Action = policy.Warn
		}
	}
}

// place returns where a finding is. Of a statement with a Resource that is open, only what is said of callers and conditions,
// or of access that there is, may hold for all.
func (o opened) place(f review.Finding) holes.Place {
	if !strings.HasPrefix(f.Field, o.field) {
		return holes.Closed
	}
	if f.Rule.ID == "BW807" { // of statements that cover each other it names one, and another where more are there
		return holes.Open
	}
	where := o.policy.Place(f.At)
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
