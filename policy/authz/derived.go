package authz

import "strings"

// derivedKey is a condition key that follows from the caller.
type derivedKey struct {
	name   string
	values []string
}

// keys returns the condition keys that follow from the caller. Those of a session rest on the role's path being "/"; a
// user's or role's aws:userid, an account's organization and a session's tags do not follow from an ARN.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principal-properties
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
func (c caller) keys() []derivedKey {
	one := func(name, value string) derivedKey { return derivedKey{name, []string{value}} }
	if c.kind == anonymous {
		return []derivedKey{
			one("aws:PrincipalAccount", "anonymous"), one("aws:PrincipalType", "Anonymous"), one("aws:userid", "anonymous"),
		}
	}
	if c.kind == service {
		return []derivedKey{
			one("aws:PrincipalIsAWSService", "true"), one("aws:PrincipalServiceName", c.name),
			one("aws:PrincipalServiceNamesList", c.name), // the service may have more names; this one is sure
		}
	}
	keys := []derivedKey{one("aws:PrincipalIsAWSService", "false"), one("aws:PrincipalAccount", c.account)}
	switch c.kind {
	case root:
		return append(keys, one("aws:PrincipalArn", c.arn), one("aws:PrincipalType", "Account"), one("aws:userid", c.account))
	case user:
		return append(keys, one("aws:PrincipalArn", c.arn), one("aws:PrincipalType", "User"), one("aws:username", c.name))
	case federated:
		return append(keys, one("aws:PrincipalArn", c.arn), one("aws:PrincipalType", "FederatedUser"),
			one("aws:userid", c.account+":"+c.name))
	}
	return append(keys, one("aws:PrincipalArn", c.role()), one("aws:PrincipalType", "AssumedRole"))
}

// lookup returns the values of a condition key: those the request gives, or what follows from its principal.
func (e *evaluation) lookup(key string) ([]string, bool) {
	if values, ok := e.req.Context.Lookup(key); ok {
		return values, true
	}
	for _, d := range e.derived {
		if strings.EqualFold(d.name, key) {
			return d.values, true
		}
	}
	return nil, false
}

// DerivedKeys returns the condition keys that follow from a principal, by name.
func DerivedKeys(principal string) Context {
	c, _ := parseCaller(principal)
	out := Context{}
	for _, k := range c.keys() {
		out[k.name] = k.values
	}
	return out
}
