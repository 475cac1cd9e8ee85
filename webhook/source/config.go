package source

import (
	"regexp"
	"slices"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Config is a kind that says in which role controllers act: one of Crossplane's that objects refer to, or a selector of ACK's.
type Config struct {
	Group, Kind, Plural string
	Namespaced          bool
}

// GroupKind returns the kind's name without its version.
func (c Config) GroupKind() schema.GroupKind { return schema.GroupKind{Group: c.Group, Kind: c.Kind} }

// Configs returns all of them: every kind that a ProviderConfig may mean, and IAMRoleSelectors.
func Configs() []Config {
	return []Config{
		{Group: "aws.upbound.io", Kind: "ProviderConfig", Plural: "providerconfigs"},
		{Group: "aws.m.upbound.io", Kind: "ProviderConfig", Plural: "providerconfigs", Namespaced: true},
		{Group: "aws.m.upbound.io", Kind: "ClusterProviderConfig", Plural: "clusterproviderconfigs"},
		{Group: "aws.crossplane.io", Kind: "ProviderConfig", Plural: "providerconfigs"},
		{Group: "services.k8s.aws", Kind: "IAMRoleSelector", Plural: "iamroleselectors"},
	}
}

// LookupConfig returns the Config of one kind, whatever its version.
func LookupConfig(gk schema.GroupKind) (Config, bool) {
	i := slices.IndexFunc(Configs(), func(c Config) bool { return c.GroupKind() == gk })
	if i < 0 {
		return Config{}, false
	}
	return Configs()[i], true
}

// OwnerAnnotation is where ACK looks for the account that owns what the objects of a namespace stand for. On an object
// it is anybody's claim.
const OwnerAnnotation = "services.k8s.aws/owner-account-id"

// ConfigRole returns the ARN of the role in which the providers act with a Config. It is "" where that takes more than the
// object to know, as when the role is that of a pod.
//
// https://github.com/crossplane-contrib/provider-upjet-aws/blob/v2.6.0/internal/clients/provider_config.go
// https://github.com/crossplane-contrib/provider-aws/blob/v0.58.0/pkg/utils/connect/aws/connect.go
func ConfigRole(obj map[string]any) string {
	var r reader
	role := r.role(node{obj, ""}.key("spec"))
	if r.err != nil || RoleAccount(role) == "" {
		return ""
	}
	return role
}

// RoleAccount returns the account in the ARN of a role, "" for what is no such ARN.
func RoleAccount(arn string) string {
	match := roleARN.FindStringSubmatch(arn)
	if match == nil {
		return ""
	}
	return match[1]
}

func (r *reader) role(spec node) string {
	arn := func(of node) string { s, _ := r.text(of.key("roleARN")); return s }
	var last node
	for n := range r.list(spec.key("assumeRoleChain")) {
		last = n
	}
	assumed, deprecated := spec.key("assumeRole"), spec.key("assumeRoleARN")
	switch {
	case last.value != nil:
		return arn(last)
	case arn(assumed) != "":
		return arn(assumed)
	case assumed.value != nil || deprecated.value != nil:
		s, _ := r.text(deprecated)
		return s
	}
	credentials := spec.key("credentials")
	switch source, _ := r.text(credentials.key("source")); source {
	case "WebIdentity":
		return arn(credentials.key("webIdentity"))
	case "Upbound":
		return arn(credentials.key("upbound").key("webIdentity"))
	case "InjectedIdentity":
		return arn(spec.key("assumeRoleWithWebIdentity"))
	}
	return ""
}

var roleARN = regexp.MustCompile(`^arn:aws[a-z-]*:iam::([0-9]{12}):role/[^\s*?]+$`)
