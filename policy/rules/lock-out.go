package rules

import (
	"cmp"
	"slices"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// A Deny that spares somebody, a network or a second factor locks nobody out for good. Whom a Deny with NotPrincipal spares is
// BW704's question.
var lockOut = &policy.Rule{
	ID:      "BW901",
	Name:    "lock-out",
	Summary: "the policy denies everyone the right to change the policy",
	Why: "Only principals of the bucket's own account can put or delete its policy. A Deny can block all of them except " +
		"the account's root user, who may always get, put and delete it. No controller runs as the root user, so it could " +
		"never repair the bucket. Exempt an administrator's role with ArnNotEquals on aws:PrincipalArn.",
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
	l := locking{bucket: home(in), owner: in.Bucket.Owner.Value, whom: "everyone", budget: in.Budget.Share(space.AdmissionBudget)}
	if l.bucket == "" || !slices.ContainsFunc(in.Document.Statements, func(s iam.Statement) bool { return s.Effect == iam.Deny }) {
		return nil
	}
	if in.Bucket.Owner.Known() {
		l.whom = "everyone in account " + l.owner
	}
	l.deny = denials(in)
	const spare = "exempt an administrator's role with ArnNotEquals on aws:PrincipalArn"
	put, get := l.shut("s3:PutBucketPolicy"), l.shut("s3:GetBucketPolicy")
	var f policy.Finding
	switch {
	case put == space.None && (get == space.None || l.shut("s3:DeleteBucketPolicy") == space.None):
		f = l.found("s3:PutBucketPolicy", "denied", "only the root user could change the policy again; "+spare)
	case put == space.None:
		f = l.found("s3:PutBucketPolicy", "denied", "nobody could change the policy before it is deleted; "+spare)
		f.Ceiling = policy.Warn
	case get == space.None:
		f = l.found("s3:GetBucketPolicy", "denied", "a controller that cannot read the policy cannot manage it; "+spare)
		f.Ceiling = policy.Warn
	case put == space.Undecided && !l.bySparing():
		f = l.found("s3:PutBucketPolicy", "perhaps denied", "AWS's pages do not settle it; "+spare)
		f.Certainty, f.Ceiling = policy.Undecided, policy.Warn
	default:
		return nil
	}
	return []policy.Finding{f}
}

// locking is the question who can still change a policy.
type locking struct {
	deny   *iam.Document // the Denies
	bucket string        // ARN
	owner  string        // account, "" when unknown
	whom   string        // in words
	budget space.Budget
}

// shut asks for a request for the bucket that the Denies leave to a user or role of the bucket's account, or of any where
// that is not known.
func (l locking) shut(action string) space.Answer {
	if authz.Decide(l.deny, l.administrator(action)).Decision == authz.ImplicitDeny { // as in most policies
		return space.Found
	}
	who := `"*"`
	if l.owner != "" {
		who = `{"AWS": ` + iam.NewString(l.owner).Compact() + `}`
	}
	all := allowing(l.deny, who, action, []string{l.bucket}, "{}")
	return space.Access(all, space.Strangers|space.NamedCallers, l.budget, roots).Answer
}

// bySparing reports whether it takes a NotPrincipal to deny an administrator to change the policy.
func (l locking) bySparing() bool {
	naming := l.deny.Only(func(s *iam.Statement) bool { return s.NotPrincipal == nil })
	return authz.Decide(naming, l.administrator("s3:PutBucketPolicy")).Decision != authz.ExplicitDeny
}

// administrator is the request of a role that no document names.
func (l locking) administrator(action string) authz.Request {
	partition, _, _ := bucketOf(l.bucket)
	return sent("arn:"+partition+":sts::"+cmp.Or(l.owner, "444455556666")+":assumed-role/bucketwarden-example/session", action, l.bucket, "true")
}

// found is the finding that an action is denied to all. The witness is one whom it is denied.
func (l locking) found(action, how, so string) policy.Finding {
	r, s := l.administrator(action), &l.deny.Statements[0]
	if bare := (authz.Request{Principal: r.Principal, Action: action, Resource: r.Resource}); authz.Decide(l.deny, bare).Decision == authz.ExplicitDeny {
		r = bare
	}
	if by := authz.Decide(l.deny, r).Statements; len(by) > 0 {
		s = &l.deny.Statements[by[0]]
	}
	who := s.Principal
	if who == nil {
		who = s.NotPrincipal
	}
	f := about(s, who.Value.Path(), "%s is %s for %s; %s", action, how, l.whom, so)
	f.Witness = &r
	return f
}

// roots accepts what an account's root user does.
var roots = allowing(&iam.Document{}, `"*"`, "*", []string{"*"}, `{"ArnLike": {"aws:PrincipalArn": "arn:*:iam::*:root"}}`)
