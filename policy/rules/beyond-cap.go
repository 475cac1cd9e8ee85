package rules

import (
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

var beyondCap = &policy.Rule{
	ID:      "BW405",
	Name:    "beyond-cap",
	Summary: "the policy grants more than the cluster owner lets any policy grant",
	Why: "A cap is the most that a bucket policy may grant, written as policy statements: these accounts, those actions, from " +
		"that network. Teams are free below it. Denies of the policy count as well, so what it takes back itself is not beyond " +
		"the cap.",
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-custom-policy-checks.html",
		"https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckNoNewAccess.html",
	},
	Controls: policy.Controls{
		Config:         []string{"s3-bucket-policy-not-more-permissive"},
		AccessAnalyzer: []string{"CheckNoNewAccess"},
	},
	Severity: policy.High,
	Baseline: policy.Deny, Restricted: policy.Deny,
	Accepts: true,
	Check: func(in policy.Input) []policy.Finding {
		return capped(in, in.Caps, "it is beyond the cap of %s")
	},
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
		doc := *in.Document
		doc.Statements = []iam.Statement{part}
		return space.Granted(&doc, most, in.Budget.Share(partBudget)).Answer != space.None
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
