package authz

import "strings"

// kind is what sort of principal makes a request.
type kind uint8

const (
	anonymous kind = iota
	service
	root // an account's root user
	user
	role // some session of a role, not said which
	session
	federated // a session of sts:GetFederationToken
)

// caller is the principal of a request, taken apart.
type caller struct {
	kind      kind
	arn       string // "" for anonymous and services
	partition string
	account   string
	name      string // of the service, user, role or federated user, without its path
	ofRole    string // the ARN of a session's role, where the request gives it: a session's own does not tell the path
}

// parseCaller reads a Request's Principal.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
func parseCaller(s string) (caller, bool) {
	if s == Anonymous {
		return caller{}, true
	}
	if isService(s) {
		return caller{kind: service, name: s}, true
	}
	parts := strings.SplitN(s, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" || parts[1] == "" || parts[3] != "" || strings.ContainsAny(s, "*?") {
		return caller{}, false
	}
	c := caller{arn: s, partition: parts[1], account: parts[4]}
	// CloudFront's origin access identities are users of an account of that name.
	if !IsAccount(c.account) && c.account != "cloudfront" {
		return caller{}, false
	}
	kind, rest, _ := strings.Cut(parts[5], "/")
	c.name = rest[strings.LastIndexByte(rest, '/')+1:]
	switch parts[2] + " " + kind {
	case "iam root":
		c.kind = root
		return c, parts[5] == "root"
	case "iam user":
		c.kind = user
	case "iam role":
		c.kind = role
	case "sts federated-user":
		c.kind = federated
	case "sts assumed-role":
		c.kind = session
		var session string
		c.name, session, _ = strings.Cut(rest, "/")
		return c, c.name != "" && session != "" && !strings.Contains(session, "/")
	default:
		return caller{}, false
	}
	return c, c.name != ""
}

// in returns the caller as the context of its request knows it.
func (c caller) in(context Context) caller {
	if values, ok := context.Lookup("aws:PrincipalArn"); ok && c.kind == session && len(values) == 1 {
		c.ofRole = values[0]
	}
	return c
}

// role returns the ARN of the role that a session or role caller has. That of a session takes the role's path to be
// "/" where the request does not say it; "" for other callers.
func (c caller) role() string {
	switch {
	case c.ofRole != "":
		return c.ofRole
	case c.kind == role:
		return c.arn
	case c.kind == session:
		return "arn:" + c.partition + ":iam::" + c.account + ":role/" + c.name
	}
	return ""
}

// IsAccount reports whether s is an account id.
func IsAccount(s string) bool {
	return len(s) == 12 && strings.Trim(s, "0123456789") == ""
}

// isService reports whether s has the form of a service principal's name.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services
func isService(s string) bool {
	name, ok := strings.CutSuffix(strings.TrimSuffix(s, ".cn"), ".amazonaws.com")
	return ok && name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789.-") == ""
}

// isARN reports whether s begins as every ARN does and has the six components.
func isARN(s string) bool {
	return strings.HasPrefix(s, "arn:") && strings.Count(s, ":") >= 5
}
