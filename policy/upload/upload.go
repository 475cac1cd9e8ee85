// Package upload says what comes of an upload: whether S3 accepts it, who owns the object, and which permissions it needs.
package upload

import (
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/ownership"
)

// Answer is what an upload comes to.
type Answer struct {
	APIVersion string             `json:"apiVersion"`
	Kind       string             `json:"kind"`
	Caller     string             `json:"caller"`
	Owner      string             `json:"owner"`
	Relation   ownership.Relation `json:"relation"`
	Ownership  ownership.Setting  `json:"ownership"`
	ACL        ownership.ACL      `json:"acl"`
	Accepted   ownership.Answer   `json:"accepted"`
	Error      *ServiceError      `json:"error"` // that S3 answers, or may answer; null where it accepts
	ObjectOwn  *ObjectOwner       `json:"objectOwner"`
	NeedsACL   ownership.Answer   `json:"needsPutObjectAcl"`
	Blocked    bool               `json:"refusedByBlockPublicAcls"`
	Doubt      string             `json:"doubt,omitempty"`
	Policy     []Permission       `json:"policy,omitempty"`
	Sources    []string           `json:"sources"`
}

// ServiceError is an answer of S3.
type ServiceError struct {
	Status int    `json:"status"`
	Code   string `json:"code"`
}

// ObjectOwner is who owns an object. The account of an AWS service has no number that anybody knows.
type ObjectOwner struct {
	Party   ownership.Party `json:"party"`
	Account string          `json:"account,omitempty"`
}

// AccessDenied is what S3 answers where a policy does not allow what is needed.
var AccessDenied = &ServiceError{403, "AccessDenied"}

// Of looks up what an upload comes to, before a policy is asked. It is false for an ACL, or an Object Ownership, that there is not.
func Of(caller, owner string, setting ownership.Setting, acl ownership.ACL) (*Answer, bool) {
	out := &Answer{
		APIVersion: "bucketwarden.dev/v1alpha1", Kind: "Upload", Caller: caller, Owner: owner,
		Relation: ownership.OtherAccount, Ownership: setting, ACL: acl,
	}
	writer := ""
	if values, ok := authz.DerivedKeys(caller).Lookup("aws:PrincipalAccount"); ok {
		writer = values[0]
	}
	if writer == owner {
		out.Relation = ownership.SameAccount
	}
	o, ok := ownership.Upload(setting, acl, out.Relation)
	if !ok {
		return nil, false
	}
	out.Accepted, out.NeedsACL, out.Blocked, out.Doubt, out.Sources = o.Accepted, o.NeedsACL, o.Public, o.Doubt, o.Sources
	if o.Error != "" {
		out.Error = &ServiceError{400, o.Error}
	}
	switch o.Owner {
	case ownership.BucketOwner:
		out.ObjectOwn = &ObjectOwner{o.Owner, owner}
	case ownership.Writer:
		out.ObjectOwn = &ObjectOwner{o.Owner, writer}
	}
	return out, true
}

// SameAccount reports whether the caller is of the account that owns the bucket.
func (u *Answer) SameAccount() bool { return u.Relation == ownership.SameAccount }

// Ask asks the bucket policy for what the upload needs. Within one account a policy of the caller's own is as good, so
// that only a Deny refuses; of another account's caller both are asked.
func (u *Answer) Ask(doc *iam.Document) {
	actions := []string{"s3:PutObject"}
	if u.NeedsACL != ownership.No {
		actions = append(actions, "s3:PutObjectAcl")
	}
	for _, action := range actions {
		p := u.permission(doc, action)
		u.Policy = append(u.Policy, p)
		lacks := p.Allows == Denies || p.Allows == AllowsNone && !u.SameAccount()
		unsure := lacks && action == "s3:PutObjectAcl" && u.NeedsACL == ownership.Undecided
		switch {
		case u.Accepted == ownership.No:
		case lacks && !unsure:
			u.Accepted, u.Error, u.ObjectOwn = ownership.No, AccessDenied, nil
		case unsure || p.Allows == Unsettled:
			u.Accepted, u.Error = ownership.Undecided, AccessDenied
		}
	}
}
