package rules

import (
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// What is missing is BW505's.
var beyondProfile = &policy.Rule{
	ID:      "BW408",
	Name:    "beyond-profile",
	Summary: "the policy grants more than the workload needs that the object says it is for",
	Why: "The annotation bucketwarden.dev/profile says what a bucket is for: logs of a trail, the destination of a sync, a website " +
		"behind CloudFront. What such a workload needs is known, action by action, and the engine looks for a request beyond it. " +
		"A bucket with two purposes is better off as two buckets. The command generate writes the policy of a profile.",
	Sources: []string{
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
	},
	Severity: policy.High,
	Baseline: policy.Warn, Restricted: policy.Deny,
	Accepts: true,
	Check:   checkBeyondProfile,
}

func checkBeyondProfile(in policy.Input) []policy.Finding {
	p := in.Profile
	switch {
	case p == nil || p.Err != nil && in.Kind != policy.Settings:
		return nil
	case p.Err != nil: // said once, however many documents there are
		return []policy.Finding{{Field: p.Field, Message: "not judged by a profile: " + p.Err.Error(), Ceiling: policy.Warn}}
	case in.Kind == policy.Settings:
		return nil
	}
	out := limited(in, []policy.Limit{{Name: "profile " + p.Name, Document: p.Grants}}, "it is beyond %s", "it is beyond %s",
		func(doc *iam.Document, l policy.Limit) space.Verdict {
			return space.Access(doc, space.Everyone, partBudget, append([]*iam.Document{l.Document}, in.Accepted...)...)
		})
	asked := 0
	for i, f := range out {
		if s := f.At.Statement(); f.Certainty != policy.Undecided && s >= 0 {
			out[i].Fix = withoutBeyond(in, &in.Document.Statements[s], &asked)
		}
	}
	return out
}

// withoutBeyond removes the actions of which the profile allows nothing, or the statement when that is all of them. What the
// profile allows in part is left to a person.
func withoutBeyond(in policy.Input, s *iam.Statement, asked *int) *policy.Fix {
	within := func(actions []*iam.Value) bool {
		part := *s
		part.Action = actions
		doc := *in.Document
		doc.Statements = []iam.Statement{part}
		return space.Granted(&doc, in.Profile.Grants, partBudget).Answer != space.None
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
