package rules

import (
	"fmt"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// limited is what BW404, BW405 and BW408 say: one finding for each Allow that is against a limit. beyond says so of a limit,
// and whether what nobody knows.
func limited(
	in policy.Input, limits []policy.Limit, beyond, whether string, ask func(*iam.Document, policy.Limit) space.Verdict,
	fix func(*iam.Statement, policy.Limit) *policy.Fix,
) []policy.Finding {
	if len(limits) == 0 || !resourcePolicy(in) {
		return nil
	}
	var out []policy.Finding
	for _, l := range limits {
		for s, v := range opened(in.Document, func(doc *iam.Document) space.Verdict { return ask(doc, l) }) {
			if v.Answer != space.Found {
				out = append(out, unsure(in, s, v, fmt.Sprintf(whether, l.Name))...)
				continue
			}
			v.Witness = spelled(v.Witness)
			f := about(s, s.Value.Path(), "%s can use %s on %s; "+beyond+", so remove the access",
				outsider(in, v.Witness), verbatim(v.Witness.Action), resource(in, v.Witness), l.Name)
			f.Witness, f.Fix = v.Witness, fix(s, l)
			out = append(out, f)
		}
	}
	return out
}

// capped is what BW405 and BW408 say of documents that nothing may be granted beyond, and how they say it.
func capped(in policy.Input, caps []policy.Limit, beyond string) []policy.Finding {
	asked := 0
	return limited(in, caps, beyond, beyond, func(doc *iam.Document, l policy.Limit) space.Verdict {
		return space.Access(doc, space.Everyone, in.Budget.Share(partBudget), append([]*iam.Document{l.Document}, in.Accepted...)...)
	}, func(s *iam.Statement, l policy.Limit) *policy.Fix { return withoutBeyond(in, s, l.Document, &asked) })
}

// withoutBeyond removes the actions of which a cap allows nothing, or the statement when that is all of them. What the cap
// allows in part is left to a person.
func withoutBeyond(in policy.Input, s *iam.Statement, most *iam.Document, asked *int) *policy.Fix {
	within := func(actions []*iam.Value) bool {
		part := *s
		part.Action = actions
		return space.Granted(in.Document.With(part), most, in.Budget.Share(partBudget)).Answer != space.None
	}
	var beyond []*iam.Value
	for _, v := range s.Action {
		if *asked++; *asked > mostAsked {
			return nil
		}
		if !within([]*iam.Value{v}) {
			beyond = append(beyond, v)
		}
	}
	switch {
	case len(beyond) == len(s.Action) && (s.NotAction == nil || !within(nil)):
		return &policy.Fix{
			Class: policy.Narrowing, Description: "remove the statement", Edits: []iam.Edit{{At: s.Value.Path()}},
		}
	case len(beyond) == 0:
		return nil
	}
	out := &policy.Fix{Class: policy.Narrowing, Description: "remove " + actionList(beyond)}
	for _, v := range beyond {
		out.Edits = append(out.Edits, iam.Edit{At: v.Path()})
	}
	return out
}
