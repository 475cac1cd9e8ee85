package rules

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/authz"
)

// caller is who sends a request, in words.
func caller(r *authz.Request) string {
	if provider, ok := r.Context.Lookup("aws:FederatedProvider"); ok {
		return "anyone who signs in with " + quoted(provider[0], 40)
	}
	if r.Principal == authz.Anonymous {
		return "anyone on the internet"
	}
	return "any AWS account"
}

// outsider is who sends a request, by what the document names: an account, an organization, a network.
func outsider(in policy.Input, r *authz.Request) string {
	account := accountOf(r.Principal)
	if strings.HasSuffix(r.Principal, ".amazonaws.com") || strings.HasSuffix(r.Principal, ".amazonaws.com.cn") {
		return r.Principal
	}
	if account == originAccess {
		return "CloudFront identity " + quoted(r.Principal[strings.LastIndexAny(r.Principal, "/ ")+1:], 20)
	}
	if r.Principal != authz.Anonymous && strings.Contains(in.Text, account) {
		return "account " + account
	}
	for _, key := range slices.Concat(orgKeys, networkKeys) {
		if values, ok := r.Context.Lookup(key); ok && len(values) > 0 {
			if isOneOf(key, orgKeys) {
				return "organization " + quoted(values[0], 32)
			}
			if strings.EqualFold(key, "aws:SourceIp") {
				return "callers from " + values[0]
			}
			return "callers through " + quoted(values[0], 32)
		}
	}
	return caller(r)
}
