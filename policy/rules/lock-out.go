package rules

import (
	"slices"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// A Deny that spares somebody, a network or a second factor locks nobody out for good: BW904 speaks of the latter two. Whom a
// Deny with NotPrincipal spares is BW704's question.
var lockOut = &policy.Rule{
	ID:      "BW901",
	Name:    "lock-out",
	Summary: "the policy denies everyone, or the controller that manages it, the right to change the policy",
	Why: "Only principals of the bucket's own account can put or delete its policy. A Deny can block all of them, or the role " +
		"in which a controller manages the bucket, which could then never repair it. The account's root user may always " +
		"get, put and delete the policy, but no controller runs as the root user. Exempt the controller's and an " +
		"administrator's role with ArnNotEquals on aws:PrincipalArn.",
	Sources: []string{
		putBucketPolicy,
		"https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html",
	},
	Severity: policy.Critical,
	Baseline: policy.Deny, Restricted: policy.Deny,
	Yields: policy.Yields{Document: incomplete},
	Check:  checkLockOut,
}

func checkLockOut(in policy.Input) []policy.Finding {
	if !denies(in) {
		return nil
	}
	f := lockedOut(everyone(in))
	if f != nil && f.Ceiling == policy.Off {
		return []policy.Finding{*f}
	}
	for _, l := range controllers(in) {
		if g := withoutController(l); g != nil && (f == nil || g.Ceiling == policy.Off) {
			f = g
		}
	}
	if f == nil {
		return nil
	}
	return []policy.Finding{*f}
}

// denies reports whether there is a bucket, and a statement that may lock anybody out of its policy.
func denies(in policy.Input) bool {
	return home(in) != "" && slices.ContainsFunc(in.Document.Statements, func(s iam.Statement) bool { return s.Effect == iam.Deny })
}

// lockedOut is the finding that nobody is left who can manage the policy, nil where somebody is.
func lockedOut(l locking) *policy.Finding {
	const spare = "exempt an administrator's role with ArnNotEquals on aws:PrincipalArn"
	put, get := l.shut(writesPolicy), l.shut(readsPolicy)
	var f policy.Finding
	switch {
	case put == space.None && (get == space.None || l.shut(deletesPolicy) == space.None):
		f = l.found(writesPolicy, "denied", "only the root user could change the policy again; "+spare)
	case put == space.None:
		f = l.found(writesPolicy, "denied", "nobody could change the policy before it is deleted; "+spare)
		f.Ceiling = policy.Warn
	case get == space.None:
		f = l.found(readsPolicy, "denied", "a controller that cannot read the policy cannot manage it; "+spare)
		f.Ceiling = policy.Warn
	default:
		return l.unsettled(put, spare)
	}
	return &f
}

// withoutController is the finding that a controller cannot manage the policy, nil where it can. One that can neither read nor
// change it is stuck with its object. One that can only not delete it manages it until somebody deletes the object.
func withoutController(l locking) *policy.Finding {
	const spare = "exempt it with ArnNotEquals on aws:PrincipalArn, or have the account's root user repair it"
	put, get := l.shut(writesPolicy), l.shut(readsPolicy)
	var f policy.Finding
	switch {
	case put == space.None:
		f = l.found(writesPolicy, "denied", "it could never change the policy again; "+spare)
	case get == space.None:
		f = l.found(readsPolicy, "denied", "it cannot manage what it cannot read; "+spare)
	case l.shut(deletesPolicy) == space.None:
		f = l.found(deletesPolicy, "denied", "it could not delete the policy with the object; "+spare)
		f.Ceiling = policy.Warn
	default:
		return l.unsettled(put, spare)
	}
	return &f
}

// unsettled is the finding that AWS's pages do not settle whether the policy can be changed, nil where they do.
func (l locking) unsettled(put space.Answer, spare string) *policy.Finding {
	if put != space.Undecided || l.bySparing() {
		return nil
	}
	f := l.found(writesPolicy, "perhaps denied", "AWS's pages do not settle it; "+spare)
	f.Certainty, f.Ceiling = policy.Undecided, policy.Warn
	return &f
}
