package authz

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// The types of principals in a document.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
const (
	typeAWS       = "AWS"
	typeService   = "Service"
	typeFederated = "Federated"
	typeCanonical = "CanonicalUser"
)

// principals reads Principal and NotPrincipal. An identity policy applies to whoever it is attached to.
func (e *evaluation) principals(s *iam.Statement) verdict {
	var v verdict
	switch {
	case s.Principal != nil && s.NotPrincipal != nil:
		v = maybe(s.Value, openBoth)
	case s.Principal != nil:
		v = e.named(s.Principal)
	case s.NotPrincipal != nil:
		v = e.exempt(s.NotPrincipal).not()
	case e.identity:
		return yes(nil)
	default:
		v = maybe(s.Value, openMissing)
	}
	e.trace.principals(e, s, v)
	return v
}

// named reports whether the caller is one of p.
func (e *evaluation) named(p *iam.Principal) verdict {
	if p.Any {
		return yes(p.Value)
	}
	v := verdict{}
	for _, entry := range p.Entries {
		v = v.or(e.is(entry))
	}
	return v
}

// is reports whether the caller is one principal of a document.
func (e *evaluation) is(entry iam.PrincipalEntry) verdict {
	c, id := e.caller, entry.ID
	if IsCanonicalUser(entry) {
		if c.kind == anonymous || c.kind == service {
			return verdict{}
		}
		return maybe(id, openCanonical)
	}
	switch entry.Type {
	case typeAWS:
		return c.isAWS(id)
	case typeService:
		if c.kind == service && id.Text != c.name && glob.Match(id.Text, c.name) {
			return maybe(id, openPartial)
		}
		return match(c.kind == service && id.Text == c.name, id)
	case typeFederated:
		return e.isFederated(id)
	}
	return maybe(id, openPrincipal)
}

// IsCanonicalUser reports whether a principal is a canonical user id, which stands for an account and does not say for which.
// AWS's pages have it under CanonicalUser; what S3 makes of one under AWS they do not say, and here it is the same question.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-bucket-user-policy-specifying-principal-intro.html
func IsCanonicalUser(entry iam.PrincipalEntry) bool {
	const digits = 64
	id := entry.ID.Text
	return entry.Type == typeCanonical || entry.Type == typeAWS && len(id) >= digits && strings.Trim(id, "0123456789abcdefABCDEF") == ""
}

// isAWS compares the caller with an account, a user, a role or a session. An account stands for all its principals, in
// a Deny too; a role for all its sessions. The ids that AWS puts in the place of a deleted user or role are nobody's.
// {"AWS": "*"} is everyone, also who did not sign; about services AWS does not say.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func (c caller) isAWS(id *iam.Value) verdict {
	text := id.Text
	switch {
	case text == "*" && c.kind == service:
		return maybe(id, openStarService)
	case text == "*":
		return yes(id)
	case text == "": // anonymous callers and services have no ARN either
		return verdict{}
	case text == c.arn, c.inAccount(text), c.kind == session && c.hasRole(text):
		return yes(id)
	case c.kind == role && strings.HasPrefix(text, c.prefix("sts", "assumed-role")+c.name+"/"):
		return maybe(id, openSession)
	case c.kind == federated && strings.HasPrefix(text, c.prefix("iam", "user")):
		return maybe(id, openFedUser)
	case strings.ContainsAny(text, "*?") && (glob.Match(text, c.arn) || glob.Match(text, c.role())):
		return maybe(id, openPartial)
	}
	return verdict{}
}

// inAccount reports whether text is the caller's account: its id or the ARN of its root.
func (c caller) inAccount(text string) bool {
	return text == c.account || text == "arn:"+c.partition+":iam::"+c.account+":root"
}

// hasRole reports whether text is the ARN of the caller's role. Where the request says the ARN, two that differ in the path
// are two roles. A session's own ARN lacks the path; as role names are unique in an account, it decides nothing there.
func (c caller) hasRole(text string) bool {
	if c.ofRole != "" {
		return text == c.ofRole
	}
	path, ok := strings.CutPrefix(text, c.prefix("iam", "role"))
	return ok && path[strings.LastIndexByte(path, '/')+1:] == c.name
}

// prefix is how the ARNs of one kind of principal in the caller's account begin.
func (c caller) prefix(service, kind string) string {
	return "arn:" + c.partition + ":" + service + "::" + c.account + ":" + kind + "/"
}

// isFederated compares who authenticated a session with an identity provider.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-federatedprovider
func (e *evaluation) isFederated(id *iam.Value) verdict {
	if e.caller.kind != session && e.caller.kind != role {
		return verdict{}
	}
	provider, ok := e.lookup("aws:FederatedProvider")
	if !ok {
		return maybe(id, openFederated)
	}
	return match(slices.Contains(provider, id.Text), id)
}
