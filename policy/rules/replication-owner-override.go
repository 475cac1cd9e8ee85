package rules

import (
	"slices"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// ReplicationOwnerOverride is BW308, which other packages name.
//
// Advice only: a replication rule that still asks for the override may be refused without the permission.
var ReplicationOwnerOverride = &policy.Rule{
	ID:      "BW308",
	Name:    "replication-owner-override",
	Summary: "the policy allows handing replicas to the bucket's owner, who owns them anyway",
	Why: "Under BucketOwnerEnforced everything that is replicated into the bucket belongs to its owner, without " +
		"s3:ObjectOwnerOverrideToBucketOwner. First remove the owner override (AccessControlTranslation) from the " +
		"replication rule of the source, then the permission from this policy: AWS does not document whether a rule with " +
		"the override works without the permission.",
	Sources: []string{
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-change-owner.html",
		objectOwnership,
	},
	Severity: policy.Low,
	Baseline: policy.Audit, Restricted: policy.Warn,
	Check: checkOwnerOverride,
}

func checkOwnerOverride(in policy.Input) []policy.Finding {
	setting := in.Bucket.Ownership
	if !setting.Explicit() || setting.Value != policy.BucketOwnerEnforced {
		return nil
	}
	var out []policy.Finding
	for s := range statements(in) {
		if s.Effect != iam.Allow {
			continue
		}
		i := slices.IndexFunc(s.Action, func(v *iam.Value) bool {
			return fits(v.Text, ownerOverride) && !everyAction(v.Text)
		})
		if i >= 0 {
			v := s.Action[i]
			out = append(out, about(s, v.Path(), "replicas belong to the bucket's owner without %s; under BucketOwnerEnforced remove the "+
				"owner override from the replication rule, then this permission", value(v.Text)))
		}
	}
	return out
}
