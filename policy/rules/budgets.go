package rules

import (
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// mostAsked is how many conditions of a document a rule asks about; each takes some milliseconds where somebody means harm.
const mostAsked = 16

// partBudget is what one of the questions takes that are asked for each statement of a document.
const partBudget = space.AdmissionBudget / 2

// tidySteps is the budget of a question that only tidies up.
const tidySteps = space.AdmissionBudget / 8

// searches is how many such questions are asked about a document: each has to read all of it.
func searches(in policy.Input) int { return min(6, 64<<10/len(in.Document.Text())) }

// unfinished adds that something is not looked into after so many. Nothing is fixed then, as fixing once has to be enough.
func unfinished(found []policy.Finding, s *iam.Statement, what string, most int, of string) []policy.Finding {
	for i := range found {
		found[i].Fix = nil
	}
	f := about(s, s.Value.Path(), "stopped after %[2]d %[3]s; it is undecided %[1]s", what, most, of)
	f.Certainty, f.Ceiling = policy.Undecided, policy.Audit
	return append(found, f)
}
