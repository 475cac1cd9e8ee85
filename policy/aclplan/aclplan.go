// Package aclplan finds the way out of a bucket's ACL: the policy that takes its place, permission by permission, proved to
// keep what the ACL granted and to grant no more, and what has to be done in which order before ACLs can be switched off.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-ownership-migrating-acls-prerequisites.html
package aclplan

import (
	"fmt"
	"regexp"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/ownership"
)

// Input is what is known about one bucket.
type Input struct {
	Bucket   policy.Bucket
	Document *iam.Document // its policy, nil without one
	// Accounts are 12 digits by canonical user id or e-mail address: no policy takes an address, and a canonical id does not
	// say whose account it is.
	Accounts map[string]string
	// Sources are the names of the buckets whose server access logs are delivered to this one, and Prefix begins the keys of
	// the logs. Without a source any bucket of the owner's account is one.
	Sources []string
	Prefix  string
	Places  Places
}

// Places are where things are declared, as people write it: "BucketACL team-a/logs spec.forProvider.acl"; empty where nothing
// declares them.
type Places struct {
	Policy    string
	ACL       []string
	Ownership string
	// TargetGrants are those of the buckets that log to this one.
	TargetGrants []string
	// Objects are the ACLs with which objects are put into this one.
	Objects []string
	// Public are those of both that let in everybody: nobody can say for whom they are meant.
	Public []string
}

// Outcome is what becomes of one grant.
type Outcome string

// The outcomes.
const (
	Moved   Outcome = "moved"           // to a statement of the new policy
	Already Outcome = "in the policy"   // which allows all of it today
	Owners  Outcome = "the owner's"     // who needs no grant
	Useless Outcome = "of no use"       // with ACLs off
	Open    Outcome = "cannot be moved" // until somebody says more
)

// Grant is one permission of the ACL and what becomes of it.
type Grant struct {
	From       string   `json:"from"`       // the canned ACL or the field that grants it
	To         string   `json:"to"`         // the grantee, in words
	Permission string   `json:"permission"` // READ, WRITE, READ_ACP, WRITE_ACP, FULL_CONTROL
	Outcome    Outcome  `json:"outcome"`
	Actions    []string `json:"actions"` // what it comes to in a policy
	Note       string   `json:"note,omitempty"`
}

// Plan is the way out of one bucket's ACL.
type Plan struct {
	Grants []Grant  `json:"grants"`
	Added  []string `json:"added"` // the Sids of the statements that the policy gets
	Size   int      `json:"size"`  // of the new policy in bytes, as S3 counts them
	Proof  string   `json:"proof"` // what is proved of it, "" where nothing is
	Steps  []string `json:"steps"` // in order
	Open   []string `json:"open"`  // what somebody has to decide first; none where the plan is complete
	// Review is what the rules say of the new policy, nil where there is none.
	Review *Review `json:"review"`
	// Policy is the new policy, nil where the bucket needs none.
	Policy *iam.Document `json:"-"`
}

// Review is what the rules say of a policy at level baseline.
type Review struct {
	Level    policy.Level `json:"level"`
	Verdict  string       `json:"verdict"` // the strongest of Deny, Patch and Warn, else Admit
	Findings []string     `json:"findings"`
}

// bucketName is what can stand in an ARN as it is.
var bucketName = regexp.MustCompile(`^[A-Za-z0-9._-]{3,255}$`)

// IsBucketName reports whether a text can stand in an ARN as the name of a bucket.
func IsBucketName(s string) bool { return bucketName.MatchString(s) }

// New plans for one bucket.
func New(in Input) Plan {
	p := newPlanner(in)
	switch acl := in.Bucket.ACL; {
	case !IsBucketName(in.Bucket.Name.Value):
		p.plan.Open = append(p.plan.Open, fmt.Sprintf("the bucket's name is unknown or invalid: %.64q", in.Bucket.Name.Value))
		return p.plan
	case acl.Origin == policy.Contradicted:
		p.plan.Open = append(p.plan.Open, "the ACL is not known for certain: "+acl.From)
	}
	for _, place := range in.Places.Public {
		p.plan.Open = append(p.plan.Open, place+" lets in anyone, or every AWS account: decide who needs the access, and name them in the policy")
	}
	for _, g := range in.grants() {
		p.move(g)
	}
	p.write()
	p.prove()
	p.review()
	p.steps()
	return p.plan
}

func newPlanner(in Input) *planner {
	none := Plan{Grants: []Grant{}, Added: []string{}, Steps: []string{}, Open: []string{}}
	return &planner{Input: in, plan: none, standIns: map[string]string{}}
}

// grants returns what the ACL grants, that of a canned one spelled out.
func (in Input) grants() []policy.Grant {
	acl := in.Bucket.ACL
	var out []policy.Grant
	if canned := acl.Value.Canned; canned != "" {
		granted, known := ownership.BucketGrants(ownership.ACL(canned))
		for _, g := range granted {
			out = append(out, policy.Grant{Permission: g.Permission, URI: ownership.Groups + g.Group, Field: canned})
		}
		if !known {
			out = append(out, policy.Grant{Permission: canned, Field: canned})
		}
	}
	return append(out, acl.Value.Grants...)
}
