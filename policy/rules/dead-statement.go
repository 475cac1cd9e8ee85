package rules

import (
	"slices"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// A Deny lives where a request can match it, also one that no Allow allows: policies of users and roles allow things too.
var deadStatement = &policy.Rule{
	ID:      "BW806",
	Name:    "dead-statement",
	Summary: "a statement grants or denies nothing at all",
	Why: "No request can match the statement, because its conditions contradict each other or its principals, or because " +
		"Denies cover everything that it allows. Readers believe that it gives or blocks access, and it does neither. " +
		"Repair it, or remove it.",
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html",
		conditionKeys,
	},
	Severity: policy.Info,
	Baseline: policy.Audit, Restricted: policy.Warn,
	Yields: policy.Yields{Document: incomplete, Statement: refusals},
	Check:  checkDead,
}

func checkDead(in policy.Input) []policy.Finding {
	if !resourcePolicy(in) {
		return nil
	}
	deny := in.Document.Only(func(s *iam.Statement) bool { return s.Effect == iam.Deny })
	friends := spared(deny)
	var out []policy.Finding
	asked := 0
	for s := range statements(in) {
		if lives(in, s, deny, friends) {
			continue
		}
		if asked++; asked > searches(in) {
			return unfinished(out, s, "whether the statement has any effect", searches(in), "searches")
		}
		at := s.Value.Path()
		if !in.Yields(at) && space.Decides(in.Document, at.Statement(), in.Budget.Share(tidySteps)).Answer == space.None && !cutByPerimeter(in, s) {
			out = append(out, dead(in, s))
		}
	}
	return out
}

// cutByPerimeter reports whether BW504 speaks of a request that a statement would allow.
func cutByPerimeter(in policy.Input, s *iam.Statement) bool {
	alone := in.Document.Only(func(t *iam.Statement) bool { return t == s })
	return letsInService(s) && slices.ContainsFunc(in.Findings(perimeterBreaksServices), func(f policy.Finding) bool {
		return f.Witness != nil && authz.Decide(alone, *f.Witness).Decision == authz.Allowed
	})
}

// dead is the finding about a statement that decides nothing.
func dead(in policy.Input, s *iam.Statement) policy.Finding {
	why := "no request can match it"
	alone := in.Document.Only(func(t *iam.Statement) bool { return t == s })
	if space.Decides(alone, 0, in.Budget.Share(tidySteps)).Answer != space.None {
		why = "Denies cover everything that it allows"
	}
	does := "allows"
	if s.Effect == iam.Deny {
		does = "denies"
	}
	f := about(s, s.Value.Path(), "%s nothing, because %s; repair it or remove it", does, why)
	f.Fix = &policy.Fix{Class: policy.Equivalent, Description: "remove the statement", Edits: []iam.Edit{{At: s.Value.Path()}}}
	return f
}
