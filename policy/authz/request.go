package authz

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/plain"
)

// Anonymous is the principal of a request that nobody signed.
const Anonymous = "anonymous"

// Request is one call to AWS, as a policy sees it.
type Request struct {
	// Principal is who calls: Anonymous, an ARN (arn:aws:iam::111122223333:role/r, its session
	// arn:aws:sts::111122223333:assumed-role/r/s, a user, an account root, a federated user) or a service principal
	// (cloudtrail.amazonaws.com).
	Principal string `json:"principal"`
	Action    string `json:"action"`   // s3:PutObject; case-insensitive
	Resource  string `json:"resource"` // arn:aws:s3:::bucket/key
	// Account owns the resource: 12 digits, "" when unknown.
	Account string `json:"account,omitempty"`
	// Context holds the condition keys of the request. A key that is not here is absent, save those that follow from
	// Principal (aws:PrincipalArn and its like).
	Context Context `json:"context"`
}

// String returns the request on one line of plain words, the context in the order of its keys.
func (r Request) String() string {
	text := fmt.Sprintf("%s %s on %s", r.Principal, r.Action, r.Resource)
	for i, key := range slices.Sorted(maps.Keys(r.Context)) {
		joint := " with "
		if i > 0 {
			joint = ", "
		}
		text += joint + key + "=" + strings.Join(r.Context[key], "|")
	}
	return plain.Line(text)
}

// Validate refuses what cannot be one request; the error names the field.
func (r Request) Validate() error {
	_, err := r.caller()
	return err
}

func (r Request) caller() (caller, error) {
	switch {
	case r.Principal == "":
		return caller{}, errors.New("principal is missing")
	case r.Action == "":
		return caller{}, errors.New("action is missing")
	case strings.ContainsAny(r.Action, "*?") || !strings.Contains(r.Action, ":"):
		return caller{}, fmt.Errorf("action %q is not a single action; write one such as s3:GetObject", r.Action)
	case r.Resource == "":
		return caller{}, errors.New("resource is missing")
	case r.Account != "" && !IsAccount(r.Account):
		return caller{}, fmt.Errorf("account %q is not 12 digits", r.Account)
	}
	c, ok := parseCaller(r.Principal)
	if !ok {
		return caller{}, fmt.Errorf("principal %q must be anonymous, a service such as cloudtrail.amazonaws.com, "+
			"or the ARN of a user, a role, a session or an account's root", r.Principal)
	}
	return c, nil
}

// Decision is what one document says about one request.
type Decision string

// The decisions. Undecided means that AWS's documentation leaves the answer open; the Result says where.
const (
	Allowed      Decision = "Allowed"
	ImplicitDeny Decision = "ImplicitDeny"
	ExplicitDeny Decision = "ExplicitDeny"
	Undecided    Decision = "Undecided"
)

// Result is a Decision and what it rests on.
type Result struct {
	Decision   Decision `json:"decision"`
	Statements []int    `json:"statements"` // indexes from 0 of those that decided
	Reason     string   `json:"reason"`     // one clause
	// NotAllowed is set when the document certainly does not allow the request: at each of the two denials, and
	// at Undecided when only which of the two it is stays open.
	NotAllowed bool `json:"-"`
}
