package fix

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// Grade says how little an edit that Preserves accepts can be noticed.
type Grade string

// The grades, the stronger first. What sets them apart is a request to set the ACL that the bucket owner has anyway,
// where ACLs are disabled: S3 may answer 200 and do nothing, and answers 403 once the action is no longer allowed.
const (
	// OutcomeEquivalent: every request gets the same success or failure as before.
	OutcomeEquivalent Grade = "outcome-equivalent"
	// EffectEquivalent: every request that is lost was refused by S3 or changed nothing.
	EffectEquivalent Grade = "effect-equivalent"
)

// Proof is why an edit is Equivalent.
type Proof struct {
	Grade Grade
	// Residual is a request that the grades differ on, for a person to read; nil under OutcomeEquivalent.
	Residual *authz.Request
}

// Narrows returns nil when new is proved to allow no request that old does not. The error names the first place
// where that is not proved.
func Narrows(old, new *iam.Document) error {
	_, err := align(old, new)
	return err
}

// Preserves proves, of a new document that Narrows old, that no request is lost which S3 would have served: each
// action that is gone sets ACLs on a bucket that is explicitly BucketOwnerEnforced, or applies to no resource of its
// statement. The proof rests on the ownership staying what it is. The error names the first place that is not proved.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
func Preserves(old, new *iam.Document, bucket policy.Bucket) (Proof, error) {
	change, err := align(old, new)
	if err != nil {
		return Proof{}, err
	}
	if change.added != nil {
		return Proof{}, fmt.Errorf("%s: a statement that denies was added", change.added.Value.Path())
	}
	proof := Proof{Grade: OutcomeEquivalent}
	for _, l := range change.lost {
		if l.action == nil {
			return Proof{}, fmt.Errorf("%s: the removed statement allows all but what it names", l.statement.Value.Path())
		}
		if l.dead() {
			continue
		}
		if err := l.setsACL(bucket); err != nil {
			return Proof{}, err
		}
		if proof.Residual == nil && !l.forcesRefusal(old.HasVariables()) {
			proof = Proof{EffectEquivalent, l.residual()}
		}
	}
	return proof, nil
}

// dead tells whether no request can match the action in its statement: it is a bucket's and every Resource is an
// object's, or the reverse. Only an action that the catalog knows by its full name is judged.
func (l loss) dead() bool {
	a, ok := catalog.LookupAction(l.action.Text)
	return ok && len(l.statement.Resource) > 0 && !policy.Applies(a, policy.Reach(l.statement.Resource))
}

// setsACL returns nil when the action only sets ACLs and the bucket is known to refuse that.
func (l loss) setsACL(bucket policy.Bucket) error {
	if !slices.ContainsFunc(catalog.ACLWrites(), func(a catalog.Action) bool {
		return strings.EqualFold(a.Name(), l.action.Text)
	}) {
		return fmt.Errorf("%s: %s is lost, and S3 may serve it", l.action.Path(), l.action.Compact())
	}
	ownership := bucket.Ownership
	if !ownership.Explicit() || ownership.Value != policy.BucketOwnerEnforced {
		return fmt.Errorf("%s: %s is lost, and Object Ownership is not declared as %s", l.action.Path(),
			l.action.Compact(), policy.BucketOwnerEnforced)
	}
	return nil
}

// ownerACL is the one canned ACL that changes nothing where ACLs are disabled.
const ownerACL = "bucket-owner-full-control"

// forcesRefusal tells whether the statement's own conditions let only requests in that carry another ACL header than
// ownerACL: S3 refuses all of those where ACLs are disabled.
func (l loss) forcesRefusal(variables bool) bool {
	return slices.ContainsFunc(l.statement.Condition, func(c iam.Condition) bool {
		op, ok := iam.ParseOperator(c.Operator)
		if !ok || op.Comparison != iam.StringEquals || op.Negated || op.IfExists || op.Quantifier == iam.ForAllValues ||
			!strings.EqualFold(c.Key, "s3:x-amz-acl") {
			return false
		}
		return !slices.ContainsFunc(c.Values, func(v *iam.Value) bool {
			return strings.EqualFold(v.Text, ownerACL) || variables && strings.Contains(v.Text, "${")
		})
	})
}

// residual is a request that only the old document allows, where S3 may answer 200 and change nothing.
func (l loss) residual() *authz.Request {
	s := l.statement
	r := &authz.Request{
		Principal: authz.Anonymous,
		Action:    l.action.Text,
		Context:   authz.Context{"s3:x-amz-acl": {ownerACL}},
	}
	if p := s.Principal; p != nil && len(p.Entries) > 0 && p.Entries[0].ID.Text != "*" {
		r.Principal = p.Entries[0].ID.Text
	}
	a, _ := catalog.LookupAction(l.action.Text)
	for i := range s.Resource {
		if policy.Applies(a, policy.Reach(s.Resource[i:i+1])) {
			r.Resource = s.Resource[i].Text
			break
		}
	}
	return r
}
