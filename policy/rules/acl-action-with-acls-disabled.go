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
	Summary: "the policy allows setting ACLs although Object Ownership turns ACLs off",
	Why: "Under BucketOwnerEnforced S3 refuses every request that sets an ACL, except bucket-owner-full-control, which " +
		"changes nothing. Uploads that send that ACL need only s3:PutObject. The permission has no effect today, and " +
		"would open objects to others on the day ACLs are turned on again.",
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
			out = append(out, about(s, v.Path(), "%s also allows setting ACLs, which BucketOwnerEnforced turns off; name only the "+
				"actions that are needed", value(v.Text)))
		}
	}
	return out
}

// stripped is the finding that can be repaired.
func stripped(s *iam.Statement, named []*iam.Value) policy.Finding {
	names, has, it := listed(named)
	f := about(s, named[0].Path(), "%s %s no effect: BucketOwnerEnforced turns ACLs off; removing %s loses nothing", names, has, it)
	f.Fix = removal(policy.Equivalent, named)
	return f
}

// listed returns the names of actions, and the verb and the pronoun that go with them.
func listed(actions []*iam.Value) (names, has, it string) {
	if names = actionList(actions); strings.Contains(names, ", ") {
		return names, "have", "them"
	}
	return names, "has", "it"
}

// perhapsStripped rests on an assumption, so that nothing is repaired.
func perhapsStripped(s *iam.Statement, named []*iam.Value, setting policy.Fact[policy.Ownership]) policy.Finding {
	names, has, it := listed(named)
	f := about(s, named[0].Path(), "%s %s no effect if ACLs are off; declare Object Ownership, and remove %s under "+
		"BucketOwnerEnforced", names, has, it)
	f.Certainty = policy.Undecided
	from := "AWS default since April 2023"
	switch setting.Origin {
	case policy.Configured:
		from = "configured"
	case policy.Claimed:
		from = "claimed by " + setting.From + " in another namespace"
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
