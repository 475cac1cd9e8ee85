package fix

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// What a proof may take. A patch is rare and may take longer than a review: all statements of the largest document that S3
// keeps can change at once, and each is a question for every caller.
const (
	proveSteps = 10 * space.AdmissionBudget
	checkSteps = 400_000
)

// Prove returns why new may take the place of in's document: it allows no request that this one does not, denies all that it does
// and, but for the class Narrowing, no request is lost which S3 would serve. That is, none at all or, on buckets that are explicitly
// BucketOwnerEnforced, only what S3 refuses there or does without effect, which rests on the ownership staying what it
// is. Every certificate is checked by something else than the search that found it.
//
// The error shows a request that is newly allowed or lost, says why that is undecided, or which certificate is not
// confirmed. There is no Proof then.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
func Prove(in policy.Input, new *iam.Document, class policy.Class) (*Proof, error) {
	old := in.Document
	added := space.NewAccess(old, new, in.Budget.Share(proveSteps))
	if err := newly(added); err != nil {
		return nil, err
	}
	freed := space.Undenied(old, new, in.Budget.Share(proveSteps))
	if err := undenied(freed); err != nil {
		return nil, err
	}
	proof, against := preserved(in, new)
	switch {
	case proof != nil:
	case class == policy.Narrowing:
		proof = &Proof{Grade: Narrower, Claim: claimNarrower, Lost: against.Witness}
	default:
		return nil, lost(against, in)
	}
	proof.add(added.Proofs)
	proof.add(freed.Proofs)
	proof.Statements = edited(old, new)
	if err := space.CheckAll(proof.certificates, in.Budget.Share(checkSteps)); err != nil {
		return nil, err
	}
	return proof, nil
}

// Narrows returns nil when new is proved to allow no request that old does not, and to deny all that old does. The error
// is Prove's. The certificates are not checked: nothing is changed on the strength of it.
func Narrows(old, new *iam.Document, budget space.Budget) error {
	if err := newly(space.NewAccess(old, new, budget)); err != nil {
		return err
	}
	return undenied(space.Undenied(old, new, budget))
}

func newly(added space.Verdict) error {
	switch added.Answer {
	case space.None:
		return nil
	case space.Found:
		return fmt.Errorf("newly allowed: %v", *added.Witness)
	}
	return fmt.Errorf("it is undecided whether anything is newly allowed; %s", added.Why())
}

func undenied(freed space.Verdict) error {
	switch freed.Answer {
	case space.None:
		return nil
	case space.Found:
		return fmt.Errorf("no longer denied, while another policy may allow it: %v", *freed.Witness)
	}
	return fmt.Errorf("it is undecided whether everything is still denied; %s", freed.Why())
}

// preserved returns the best proof that nothing is lost which S3 would serve, or nil and the answer that stands against
// every one.
func preserved(in policy.Input, new *iam.Document) (proof *Proof, against space.Verdict) {
	lost := func(refusals ...*iam.Document) space.Verdict {
		return space.NewAccess(new, in.Document, in.Budget.Share(proveSteps), refusals...)
	}
	buckets, disabled := aclsDisabled(in)
	var outcome space.Verdict
	if disabled {
		outcome = lost(Refusals(OutcomeEquivalent, owner(in.Bucket), buckets...))
	}
	if outcome.Answer != space.Found { // else something is lost, also where refusals count
		against = lost()
		switch {
		case against.Answer == space.None:
			return provedBy(against, OutcomeEquivalent, claimNoneLost), against
		case !disabled:
			return nil, against
		case outcome.Answer == space.None:
			return provedBy(outcome, OutcomeEquivalent, claimRefused), outcome
		}
	}
	effect := lost(Refusals(EffectEquivalent, owner(in.Bucket), buckets...))
	if effect.Answer != space.None {
		return nil, effect
	}
	proof = provedBy(effect, EffectEquivalent, claimIgnored)
	if outcome.Answer == space.Found {
		proof.Residual = plainest(in.Document, new, *outcome.Witness)
	}
	return proof, effect
}

func lost(against space.Verdict, in policy.Input) error {
	if against.Answer != space.Found {
		return fmt.Errorf("it is undecided whether anything is lost; %s", against.Why())
	}
	ignored := Refusals(EffectEquivalent, owner(in.Bucket))
	if _, disabled := aclsDisabled(in); !disabled && authz.Decide(ignored, *against.Witness).Decision == authz.Allowed {
		return fmt.Errorf("lost: %v; Object Ownership is not declared as %s", *against.Witness, policy.BucketOwnerEnforced)
	}
	return fmt.Errorf("lost, although S3 may serve it: %v", *against.Witness)
}

// aclsDisabled reports whether it is written down for the document's bucket that its ACLs do not count. A policy of a user, role or
// group is about several: these are the names of those for which it is.
func aclsDisabled(in policy.Input) (buckets []string, ok bool) {
	enforced := func(b policy.Bucket) bool {
		return b.Ownership.Explicit() && b.Ownership.Value == policy.BucketOwnerEnforced
	}
	if in.Kind != policy.IdentityPolicy {
		return nil, enforced(in.Bucket)
	}
	for name, b := range in.Buckets {
		if enforced(b) {
			buckets = append(buckets, name)
		}
	}
	slices.Sort(buckets)
	return buckets, len(buckets) > 0
}

// owner returns the account of the bucket, "" where that is not written down.
func owner(bucket policy.Bucket) string {
	if !bucket.Owner.Explicit() {
		return ""
	}
	return bucket.Owner.Value
}

// plainest returns the request with the one canned ACL that says what holds anyway, if it is lost like that too: people
// know it better than a request that leaves the ACL open.
func plainest(old, new *iam.Document, r authz.Request) *authz.Request {
	plain := r
	plain.Context = authz.Context{"s3:x-amz-acl": {"bucket-owner-full-control"}}
	for key, values := range r.Context {
		if strings.HasPrefix(strings.ToLower(key), "s3:x-amz-") {
			return &r // of a header that does not go with it, or which is the ACL already
		}
		plain.Context[key] = values
	}
	if authz.Decide(old, plain).Decision == authz.Allowed && authz.Decide(new, plain).Decision != authz.Allowed {
		return &plain
	}
	return &r
}
