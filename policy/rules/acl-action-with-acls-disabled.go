package rules

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/ownership"
)

// ACLActionWithACLsDisabled is BW301, which other packages name.
//
// Only an Allow, only the three actions that do nothing but set ACLs, only by their full names, and only where the
// ownership is written down for this bucket. A pattern such as s3:Put* is not rewritten: the list that would replace it
// misses tomorrow's actions. An Allow of every action is BW701's, and NotAction BW703's. Reading an ACL stays: log delivery
// asks for it.
var ACLActionWithACLsDisabled = &policy.Rule{
	ID:      "BW301",
	Name:    "acl-action-with-acls-disabled",
	Summary: "the policy allows setting ACLs where Object Ownership switches ACLs off",
	Why: "Under BucketOwnerEnforced S3 refuses every request that sets an ACL, but for bucket-owner-full-control, which " +
		"changes nothing. Uploads that send that ACL need s3:PutObject alone. The grant is of no use today, and opens " +
		"objects to others on the day ACLs are switched on again.",
	Sources: []string{
		objectOwnership,
		"https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectAcl.html",
		"https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAcl.html",
	},
	Severity: policy.Medium,
	Baseline: policy.Patch, Restricted: policy.Patch, Unfixed: policy.Warn,
	Identities: true,
	Check:      checkACLActions,
}

func checkACLActions(in policy.Input) []policy.Finding {
	var out []policy.Finding
	for s := range statements(in) {
		setting, ok := ownershipOf(in, s)
		if s.Effect != iam.Allow || !ok || setting.Known() && ownership.Needed(setting.Value, ownership.OtherAccount) {
			continue
		}
		named := slices.DeleteFunc(slices.Clone(s.Action), func(v *iam.Value) bool { return !setsACL(v.Text) })
		switch {
		case len(named) > 0 && setting.Explicit():
			out = append(out, stripped(s, named))
		case len(named) > 0:
			out = append(out, perhapsStripped(s, named, setting))
		}
		if !setting.Explicit() {
			continue
		}
		if v := setsACLAmongOthers(s); v != nil {
			out = append(out, about(s, v.Path(), "%s allows setting ACLs too, which BucketOwnerEnforced switches off; name the "+
				"actions that are needed", value(v.Text)))
		}
	}
	return out
}

// stripped is the finding that can be repaired.
func stripped(s *iam.Statement, named []*iam.Value) policy.Finding {
	f := about(s, named[0].Path(), "%s sets no ACL under BucketOwnerEnforced; remove it: S3 refuses it "+
		"(outcome-equivalent) or ignores it (effect-equivalent)", actionList(named))
	f.Fix = removal(policy.Equivalent, named)
	return f
}

// perhapsStripped rests on an assumption, so that nothing is repaired.
func perhapsStripped(s *iam.Statement, named []*iam.Value, setting policy.Fact[policy.Ownership]) policy.Finding {
	f := about(s, named[0].Path(), "%s is of no use if ACLs are off; declare Object Ownership, and remove it under "+
		"BucketOwnerEnforced", actionList(named))
	f.Certainty = policy.Undecided
	from := "AWS default since April 2023"
	switch setting.Origin {
	case policy.Configured:
		from = "configured"
	case policy.Claimed:
		from = "claimed by " + setting.From + " of another namespace"
	}
	f.Assumptions = []string{"Object Ownership is BucketOwnerEnforced (" + from + ")"}
	return f
}

// setsACLAmongOthers is the first pattern by which a statement allows setting ACLs, nil when there is none.
func setsACLAmongOthers(s *iam.Statement) *iam.Value {
	matches := func(v *iam.Value) bool {
		if !strings.ContainsAny(v.Text, "*?") { // a name is looked at already
			return false
		}
		pattern := glob.Compile(v.Text)
		return someACLWrite(pattern.MatchFold) && !everyAction(v.Text)
	}
	if i := slices.IndexFunc(s.Action, matches); i >= 0 {
		return s.Action[i]
	}
	return nil
}
