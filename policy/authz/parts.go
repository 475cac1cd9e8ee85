package authz

import "github.com/bucketwarden/bucketwarden/policy/iam"

// MatchPrincipal reports whether a statement's Principal or NotPrincipal matches the caller of a request; nothing else of
// the request counts.
func MatchPrincipal(doc *iam.Document, s *iam.Statement, principal string, context Context) Match {
	c, ok := parseCaller(principal)
	if !ok {
		return Maybe
	}
	e := &evaluation{doc: doc, req: &Request{Context: context}, caller: c.in(context), derived: c.keys(), identity: doc.IsIdentityPolicy()}
	return e.principals(s).match
}

// MatchCondition reports whether one condition holds for a key with these values, or for an absent key.
func MatchCondition(doc *iam.Document, c *iam.Condition, values []string, present bool) Match {
	context := Context{}
	if present {
		context[c.Key] = values
	}
	e := &evaluation{doc: doc, req: &Request{Context: context}}
	return e.condition(nil, c).match
}
