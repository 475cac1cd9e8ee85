package rules

import (
	"slices"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// That strangers get in is BW201's and BW202's. This one tells the author why the condition is no fence.
var callerControlledCondition = &policy.Rule{
	ID:      "BW206",
	Name:    "caller-controlled-condition",
	Summary: "an Allow to everybody that only a header of the caller's own limits",
	Why: "aws:Referer and aws:UserAgent are what the caller writes into the request, and any program can write what a browser " +
		"of your site would. They turn away nobody who wants in. Put a distribution in front that signs its requests " +
		"(CloudFront with origin access control), or hand out presigned URLs.",
	Sources: []string{
		conditionKeys + "#condition-keys-referer",
		conditionKeys + "#condition-keys-useragent",
	},
	Severity: policy.High,
	Baseline: policy.Warn, Restricted: policy.Deny,
	Accepts: true,
	Check:   checkCallerControlled,
}

func checkCallerControlled(in policy.Input) []policy.Finding {
	header := func(c iam.Condition) bool { return isOneOf(c.Key, []string{"aws:Referer", "aws:UserAgent"}) }
	if !slices.ContainsFunc(in.Statements(), func(s iam.Statement) bool { return slices.ContainsFunc(s.Condition, header) }) {
		return nil // as in most policies
	}
	open := slices.Concat(in.Findings(PublicAccess), in.Findings(PublicWrite))
	var out []policy.Finding
	for s := range statements(in) {
		lets := func(f policy.Finding) bool { return f.Witness != nil && f.At == s.Principal.Value.Path() }
		if s.Effect != iam.Allow || s.Principal == nil || !slices.ContainsFunc(open, lets) {
			continue
		}
		for _, c := range s.Condition {
			if header(c) {
				out = append(out, about(s, c.Value.Path(), "the caller writes %s into the request, so it keeps nobody out; "+
					"name the principals that need it", c.Key))
			}
		}
	}
	return out
}
