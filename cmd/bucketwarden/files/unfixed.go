package files

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// unfixed are findings of one rule that stay for one reason.
type unfixed struct{ rule, why string }

// noteUnfixed says of each finding that stays why it is not fixed: once for all that stay for the same reason, with the places of
// the first few.
func (in *Inputs) noteUnfixed(all []Judged, uneditable map[*manifest.File]error) {
	const most = 3
	var order []unfixed
	where, worst := map[unfixed][]string{}, map[unfixed]policy.Action{}
	var places manifest.Places
	for _, j := range all {
		for _, f := range j.Findings {
			why := j.WhyUnfixed(f)
			if uneditable[j.Item.File] != nil && why == "" {
				why = "the file cannot be edited in place"
			}
			if why == "" {
				continue
			}
			key := unfixed{f.Rule.ID + " " + f.Rule.Name, why}
			if where[key] == nil {
				order = append(order, key)
			}
			worst[key] = max(worst[key], f.Action)
			line, column := places.Of(j.Item, f.Field, f.Line, f.Column)
			where[key] = append(where[key], fmt.Sprintf("%s:%d:%d", j.Item.File.Name, line, column))
		}
	}
	slices.SortStableFunc(order, func(a, b unfixed) int { return cmp.Compare(worst[b], worst[a]) })
	for _, key := range order {
		at := where[key]
		if more := len(at) - most; more > 0 {
			at = append(at[:most], fmt.Sprintf("and %d more", more))
		}
		in.Notes = append(in.Notes, fmt.Sprintf("not fixed: %s at %s: %s", key.rule, strings.Join(at, ", "), key.why))
	}
}

// WhyUnfixed says why a finding stays, "" where its fix is made.
func (j Judged) WhyUnfixed(f review.Finding) string {
	switch {
	case f.Action == policy.Patch && f.Fix != nil && len(j.Patch)+len(j.Fixed) > 0:
		return ""
	case f.Exempted != "":
		return "Exemption " + f.Exempted + " accepts it"
	case f.Unfixed != "":
		return f.Unfixed
	case j.Item.Carried():
		return "it stands in a text of another object, where nothing is changed"
	case len(j.Item.Filled.Policies) > 0:
		return "a part of the policy is filled in later, so nothing can be proved of a fix"
	case f.Fix == nil && placeholders(j, f.Field):
		return "the policy has placeholders, so nothing can be proved of a fix; render the file first"
	case f.Fix == nil:
		return "no fix is known"
	case !j.Sends():
		return "the object is only observed or being adopted, so that nothing of it is sent to AWS"
	case f.Action == policy.Audit && f.Rule.Restricted > policy.Audit:
		return "it is only recorded at this level; at --level restricted, --narrowing would " + f.Fix.Description
	case f.Action == policy.Audit:
		return "it is only recorded"
	case f.Fix.Class == policy.Narrowing:
		return "--narrowing would " + f.Fix.Description + ", which takes access away"
	}
	return "this level only warns of it"
}

// placeholders reports whether the policy in a field has text that some tool replaces before AWS sees it.
func placeholders(j Judged, field string) bool {
	return slices.ContainsFunc(j.Findings, func(f review.Finding) bool { return f.Rule.ID == "BW112" && f.Field == field })
}
