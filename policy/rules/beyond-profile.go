package rules

import "github.com/bucketwarden/bucketwarden/policy"

// What is missing is BW505's.
var beyondProfile = &policy.Rule{
	ID:      "BW408",
	Name:    "beyond-profile",
	Summary: "the policy grants more than the workload needs that the object declares",
	Why: "The annotation bucketwarden.dev/profile declares what a bucket is for: logs of a trail, the destination of a " +
		"sync, a website behind CloudFront. The needs of such a workload are known, action by action, and the engine " +
		"looks for a request beyond them. If a bucket serves two purposes, use two buckets. The command generate writes " +
		"the policy of a profile.",
	Sources: []string{
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
	},
	Severity: policy.High,
	Baseline: policy.Warn, Restricted: policy.Deny,
	Accepts: true,
	Yields:  policy.Yields{Document: incomplete},
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
	return capped(in, []policy.Limit{{Name: "profile " + p.Name, Document: p.Grants}}, "it is beyond %s")
}
