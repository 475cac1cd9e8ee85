package authz

import (
	"strings"
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

// Context maps condition keys to their values: one, or several for a multivalued key. Keys are case-insensitive.
type Context map[string][]string

// Lookup returns the values of a key; false when the request does not carry it.
func (c Context) Lookup(key string) ([]string, bool) {
	if v, ok := c[key]; ok {
		return v, true
	}
	for k, v := range c {
		if strings.EqualFold(k, key) {
			return v, true
		}
	}
	return nil, false
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
}
