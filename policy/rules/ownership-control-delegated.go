package rules

import (
	"slices"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// Of strangers BW202 speaks, and of all actions at once BW701 and BW703: left are those who are trusted, and whose account
// nobody knows to be another one.
var ownershipControlDelegated = &policy.Rule{
	ID:      "BW306",
	Name:    "ownership-control-delegated",
	Summary: "another account may change the Object Ownership of the bucket",
	Why: "s3:PutBucketOwnershipControls can turn ACLs on again, and what they granted before then takes effect again. " +
		"Everything that relies on BucketOwnerEnforced, such as a policy without s3:PutObjectAcl, is then under the " +
		"control of that account. The permission is needed once, when a bucket is created: keep it with the account that " +
		"owns the bucket.",
	Sources: []string{
		"https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketOwnershipControls.html",
		objectOwnership + "#object-ownership-overview",
		s3Actions,
	},
	Severity: policy.High,
	Baseline: policy.Warn, Restricted: policy.Deny,
	Accepts: true,
	Yields:  policy.Yields{Document: incomplete, Statement: []*policy.Rule{externalPermissionManagement}},
	Check:   checkOwnershipControls,
}

const ownershipControls = "s3:PutBucketOwnershipControls"

var notOwnershipControls = allBut([]string{ownershipControls})

func checkOwnershipControls(in policy.Input) []policy.Finding {
	if in.Kind != policy.BucketPolicy || in.Document == nil {
		return nil
	}
	var out []policy.Finding
	asked := 0
	for s := range statements(in) {
		if s.Effect != iam.Allow {
			continue
		}
		named := slices.DeleteFunc(slices.Clone(s.Action), func(v *iam.Value) bool {
			return !fits(v.Text, ownershipControls) || everyAction(v.Text)
		})
		if s.Principal == nil || len(named) == 0 || allOf(s.Principal, in.Bucket.Owner.Value) {
			continue
		}
		if asked++; asked > mostAsked {
			f := about(s, named[0].Path(), "may allow another account to use %s; only the first %d such statements were checked", ownershipControls, mostAsked)
			f.Certainty, f.Ceiling = policy.Undecided, policy.Warn
			return append(out, f)
		}
		out = append(out, delegated(in, s, named)...)
	}
	return out
}

// delegated is the finding that a statement lets somebody of another account change the ownership.
func delegated(in policy.Input, s *iam.Statement, named []*iam.Value) []policy.Finding {
	doc := in.Document.Only(func(t *iam.Statement) bool { return t.Effect == iam.Deny || t.Value == s.Value })
	owner := in.Bucket.Owner
	accepted := append([]*iam.Document{notOwnershipControls}, in.Accepted...)
	if owner.Known() {
		accepted = append(accepted, accepting(condition{"StringEquals": {"aws:PrincipalAccount": {owner.Value}}}))
	}
	v := space.Access(doc, space.NamedCallers|space.Strangers, in.Budget.Share(partBudget), accepted...)
	if v.Answer == space.None || in.Yields(s.Value.Path()) || saidOfStrangers(in, doc, s) {
		return nil
	}
	if v.Answer == space.Undecided {
		return ceiled(unsure(in, s, v, "it allows another account to use "+ownershipControls))
	}
	f := about(s, named[0].Path(), "%s can use %s, which can turn ACLs on again; remove it", outsider(in, v.Witness), ownershipControls)
	f.Witness = v.Witness
	if !owner.Known() {
		f.Certainty, f.Ceiling = policy.Undecided, policy.Warn
		f.Assumptions = []string{"the bucket is not in account " + accountOf(v.Witness.Principal)}
		return []policy.Finding{f}
	}
	exact := !slices.ContainsFunc(named, func(v *iam.Value) bool { _, ok := catalog.LookupAction(v.Text); return !ok })
	ours := func(e iam.PrincipalEntry) bool { return e.Type == "AWS" && accountOf(e.ID.Text) == owner.Value }
	if exact && !s.Principal.Any && !slices.ContainsFunc(s.Principal.Entries, ours) {
		f.Fix = removal(policy.Narrowing, named)
	}
	return []policy.Finding{f}
}
