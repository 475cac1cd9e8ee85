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
	Summary: "an Allow for everyone is limited only by a header that the caller chooses",
	Why: "The caller writes aws:Referer and aws:UserAgent into the request, and any program can send what a browser on " +
		"your site would send. So these conditions stop nobody. Use a distribution that signs its requests (CloudFront " +
		"with origin access control), or hand out presigned URLs.",
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
				out = append(out, about(s, c.Value.Path(), "the caller chooses %s, so the condition stops nobody; "+
					"name the principals that need access", c.Key))
			}
		}
	}
	return out
}
