package rules

import (
	"slices"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/fix"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// NewAccess is BW403, which other packages name.
//
// It is about the change alone, so other rules may speak of the same statement. To set an ACL where ACLs are off is no access.
var NewAccess = &policy.Rule{
	ID:      "BW403",
	Name:    "new-access",
	Summary: "the update allows a request that the policy did not allow before",
	Why: "An update that was meant to tidy up, or to remove access, may open what nobody checked: one action too many, a " +
		"Deny less, a pattern wider than the list before it. The engine compares the two policies over all requests, and " +
		"shows one that is new.",
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-custom-policy-checks.html",
		"https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckNoNewAccess.html",
	},
	Controls: policy.Controls{AccessAnalyzer: []string{"CheckNoNewAccess"}},
	Severity: policy.High,
	Baseline: policy.Warn, Restricted: policy.Warn,
	Accepts: true, Neighbours: true,
	Yields: policy.Yields{Document: incomplete},
	Check:  checkNewAccess,
}

func checkNewAccess(in policy.Input) []policy.Finding {
	if in.Old == nil || !resourcePolicy(in) || in.Old.Text() == in.Text {
		return nil
	}
	ignored := slices.Clone(in.Accepted)
	if ownership := in.Bucket.Ownership; ownership.Explicit() && ownership.Value == policy.BucketOwnerEnforced {
		ignored = append(ignored, fix.Refusals(fix.EffectEquivalent, in.Bucket.Owner.Value))
	}
	v := space.NewAccess(in.Old, in.Document, in.Budget.Share(space.AdmissionBudget), ignored...)
	switch v.Answer {
	case space.None:
		return nil
	case space.Undecided:
		return unsure(in, decider(in.Document, v), v, "the update newly allows anything")
	}
	s := decider(in.Document, v)
	v.Witness = spelled(v.Witness)
	f := about(s, s.Value.Path(), "%s can now use %s on %s; the old policy did not allow it",
		outsider(in, v.Witness), verbatim(v.Witness.Action), resource(in, v.Witness))
	f.Witness = v.Witness
	return []policy.Finding{f}
}
