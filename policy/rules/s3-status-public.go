package rules

import (
	"slices"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/public"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// An Allow with NotPrincipal is BW702's.
var s3StatusPublic = &policy.Rule{
	ID:      "BW203",
	Name:    "s3-status-public",
	Summary: "S3 calls the policy public although only named principals have access",
	Why: "To S3 a policy is public unless each Allow by itself names its callers: by principal, or by fixed values of " +
		"certain condition keys. A Deny does not count. BlockPublicPolicy, which is on in new buckets, refuses such a " +
		"policy, and RestrictPublicBuckets blocks every other account. Repeat in the Allow what the Deny says.",
	Sources:  []string{blockPublicAccess + "#access-control-block-public-access-policy-status"},
	Controls: policy.Controls{AccessAnalyzer: []string{"CheckNoPublicAccess"}},
	Severity: policy.High,
	Baseline: policy.Warn, Restricted: policy.Deny,
	Access: true,
	Yields: policy.Yields{Document: append(incomplete[:1:1], PublicAccess, PublicWrite)},
	Check:  checkStatus,
}

func checkStatus(in policy.Input) []policy.Finding {
	if in.Document == nil || in.Kind != policy.BucketPolicy { // for an access point other keys count
		return nil
	}
	doc := remaining(in)
	status, i, reason := public.S3Status(doc)
	if status == public.StatusNotPublic {
		return nil
	}
	// Who gets in may be undecided, of which nothing is said where S3 refuses the document anyway.
	if refusedAnyway(in) && (strangers(in, doc, notReads).Answer != space.None || strangers(in, doc, notWrites).Answer != space.None) {
		return nil
	}
	s := &doc.Statements[i]
	f := about(s, s.Principal.Value.Path(), "S3 calls this public whatever a Deny says, and Block Public Access refuses it; "+
		"%s; name the callers in the Allow itself", oneLine(reason))
	if slices.ContainsFunc(doc.Statements, func(t iam.Statement) bool { return t.Effect == iam.Deny }) {
		f.Assumptions = []string{"S3 considers what each Allow grants, and ignores Denies"}
	}
	if status == public.StatusUndecided {
		f = about(s, s.Principal.Value.Path(), "S3 may call this public, and Block Public Access may refuse it; %s", oneLine(reason))
		f.Certainty, f.Ceiling = policy.Undecided, policy.Warn
	}
	return []policy.Finding{f}
}
