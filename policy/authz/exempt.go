package authz

import "github.com/bucketwarden/bucketwarden/policy/iam"

// exempt reports whether NotPrincipal leaves the caller out. AWS checks the account first, then the role, then the session,
// and asks to list them all; when only some are listed, services behave differently. What it does with a listed service
// is not documented. Of principals with a permissions boundary, which are always denied, a request does not tell.
//
// With Allow, which AWS's page no longer supports, it is read as the page of 2023 does: everyone else is allowed.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
func (e *evaluation) exempt(p *iam.Principal) verdict {
	v := e.named(p)
	if v.match == Yes && !e.caller.complete(p) {
		v = maybe(v.at, openExempt)
	}
	for _, entry := range p.Entries {
		if entry.Type == typeService && v.match != Yes {
			v = maybe(entry.ID, openExemptService)
		}
	}
	return v
}

// complete reports whether p lists all of the account, role and session, or user, that c is.
func (c caller) complete(p *iam.Principal) bool {
	if p.Any {
		return true
	}
	var account, arn, role bool
	for _, entry := range p.Entries {
		if entry.Type != typeAWS {
			continue
		}
		if entry.ID.Text == "*" {
			return true
		}
		account = account || c.inAccount(entry.ID.Text)
		arn = arn || entry.ID.Text == c.arn
		role = role || c.hasRole(entry.ID.Text)
	}
	switch c.kind {
	case root:
		return true // its ARN is the account's
	case user:
		return account && arn
	case session:
		return account && arn && role
	}
	return false // of a role and a federated session the request does not say enough
}
