package aclplan

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/ownership"
	"github.com/bucketwarden/bucketwarden/policy/rules"
)

// steps puts what has to be done in order: nobody loses access in between, and S3 refuses none of it.
func (p *planner) steps() {
	say := func(step string) { p.plan.Steps = append(p.plan.Steps, step) }
	if len(p.plan.Open) > 0 {
		say("Decide what is open, then plan again: the steps below are incomplete.")
	}
	if p.Bucket.Made.Known() && p.Bucket.Ownership.Origin == policy.Unknown && p.Bucket.ACL.Known() {
		say("Look whether S3 has this ACL at all (aws s3api get-bucket-ownership-controls). No object declares an Object Ownership, and a bucket " +
			"made since April 2023 has BucketOwnerEnforced: then S3 answers 400 " + ownership.NotSupported + " to the ACL, and all that is left " +
			"to do is to remove it.")
	}
	switch place := at(p.Places.Policy); {
	case len(p.plan.Added) > 0 && p.Document != nil:
		say("Put " + strings.Join(p.plan.Added, ", ") + " into the policy" + place + ", while the ACL still takes effect.")
	case len(p.plan.Added) > 0:
		say("Give the bucket the policy below, while the ACL still takes effect.")
	case len(p.plan.Open) == 0:
		say("The policy needs nothing more" + place + ".")
	}
	for _, f := range p.found(rules.ACLConditionUnsatisfiable) {
		say("Change a condition of the policy. " + f.Message + ".")
	}
	say("Have uploads send no ACL, or " + string(ownership.BucketOwnerFullControl) + ": S3 will answer 400 " + ownership.NotSupported +
		" to all others. Server access logs and CloudTrail mark requests that needed an ACL with aclRequired.")
	if len(p.Places.Objects) > 0 {
		say("Do the same for the declared objects" + at(strings.Join(p.Places.Objects, ", ")) + ".")
	}
	switch places := strings.Join(p.Places.TargetGrants, ", "); {
	case places != "":
		say("Allow in the policy what the target grants of server access logs still have to give, then remove them" + at(places) +
			": S3 will refuse them.")
	case slices.ContainsFunc(p.plan.Grants, func(g Grant) bool { return g.To == "log delivery" }):
		say("Remove target grants from the logging configuration of the buckets that log to this one: S3 will refuse them.")
	}
	say("Check what the ACLs of objects grant, which no file declares, and add what is still needed to the policy. Do not " +
		"delete them: they lose their effect by themselves.")
	switch {
	case len(p.plan.Grants) > 0:
		say("Reset the ACL to private" + at(strings.Join(p.Places.ACL, ", ")) + ", and wait until S3 has it: before that it answers 400 " +
			"InvalidBucketAclWithObjectOwnership to the next step.")
	case !p.Bucket.ACL.Known():
		say("Check the bucket's ACL, which no file declares (aws s3api get-bucket-acl), and reset it to private.")
	}
	say("Declare Object Ownership BucketOwnerEnforced" + at(p.Places.Ownership) + ".")
	if len(p.Places.ACL) > 0 {
		say("Remove the ACL" + at(strings.Join(p.Places.ACL, ", ")) + ": S3 refuses to set one from now on.")
	}
	for _, f := range slices.Concat(p.found(rules.ACLActionWithACLsDisabled), p.found(rules.ReplicationOwnerOverride)) {
		say("Tidy up the policy. " + f.Message + ".")
	}
}

func at(place string) string {
	if place == "" {
		return ""
	}
	return " (" + place + ")"
}

// found is what a rule says of the new policy once ACLs are off.
func (p *planner) found(rule *policy.Rule) []policy.Finding {
	if p.plan.Policy == nil {
		return nil
	}
	return policy.Run([]*policy.Rule{rule}, policy.NewInput(policy.BucketPolicy, p.plan.Policy.Text(), p.off())).Findings
}
