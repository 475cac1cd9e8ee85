package rules

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// S3 answers "Action does not apply to any resource(s) in statement". Only actions written out are judged: of a pattern
// the rest may apply.
var actionResourceMismatch = &policy.Rule{
	ID:      "BW108",
	Name:    "action-resource-mismatch",
	Summary: "a bucket action is combined only with object ARNs, or the reverse",
	Why: "s3:ListBucket and similar actions apply to the bucket, arn:aws:s3:::logs. s3:GetObject and similar actions apply " +
		"to objects, arn:aws:s3:::logs/*. An action that fits none of its statement's resources grants nothing, and S3 " +
		"refuses the whole policy because of it.",
	Sources:  []string{s3Actions, s3Policies},
	Severity: policy.SeverityError,
	Baseline: policy.Deny, Restricted: policy.Deny,
	Identities: true,
	Check:      checkActionResource,
}

func checkActionResource(in policy.Input) []policy.Finding {
	if in.Kind == policy.AccessPointPolicy {
		return nil
	}
	var out []policy.Finding
	for s := range statements(in) {
		if len(s.Resource) == 0 {
			continue
		}
		reach := policy.Reach(s.Resource)
		misfit := func(v *iam.Value) bool {
			a, known := catalog.LookupAction(v.Text)
			return known && a.InBucketPolicy() && !policy.Applies(a, reach)
		}
		others := slices.ContainsFunc(s.Action, func(v *iam.Value) bool { return !misfit(v) })
		for _, v := range s.Action {
			if misfit(v) {
				out = append(out, mismatch(s, v, others))
			}
		}
	}
	return keptByIAM(in, out)
}

// mismatch is the finding about one action. Taking it away loses nothing where other actions keep the statement, but a
// Deny is left alone.
func mismatch(s *iam.Statement, v *iam.Value, others bool) policy.Finding {
	bucket, _, _ := strings.Cut(s.Resource[0].Text, "/")
	f := about(s, v.Path(), "%s applies to objects, but no Resource is one; add %s", v.Text, value(bucket+"/*"))
	if a, _ := catalog.LookupAction(v.Text); a.Resources()&catalog.Bucket != 0 {
		f = about(s, v.Path(), "%s applies to the bucket, but every Resource is about objects; add %s", v.Text, value(bucket))
	}
	if others && s.Effect == iam.Allow {
		f.Fix = &policy.Fix{
			Class:       policy.Equivalent,
			Description: "remove " + v.Text + ", which allows nothing here",
			Edits:       []iam.Edit{{At: v.Path()}},
		}
	}
	return f
}
