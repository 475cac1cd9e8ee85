package source

import (
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Actor is whom an object gives a role: an account or a team of ACK's by its id, or the pods of a family of controllers.
type Actor struct {
	Kind ActorKind
	ID   string // of an account or a team; a PodFamily
}

// ActorKind is what sort of Actor has a role.
type ActorKind string

// The kinds of actors.
const (
	Account ActorKind = "account"
	Team    ActorKind = "team"
	Pod     ActorKind = "pod"
)

// The families of controllers whose pods may have a role of their own.
const (
	ACKPods        = "ack"
	CrossplanePods = "crossplane"
)

// TeamAnnotation is where ACK looks for the team that owns what the objects of a namespace stand for.
const TeamAnnotation = "services.k8s.aws/team-id"

const podRole = "eks.amazonaws.com~1role-arn"

// Roles returns the ARNs of the roles that an object gives, by whom: ACK's maps of accounts and teams, and what annotates the
// pods of controllers about S3. It is nil for any other object.
//
// https://aws-controllers-k8s.github.io/docs/guides/cross-account
// https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
func Roles(obj map[string]any) map[Actor]string {
	var r reader
	root := node{obj, ""}
	kind, name := groupKindOf(obj), r.first(root, "/metadata/name").Value
	out := map[Actor]string{}
	add := func(a Actor, arn string) {
		if a.ID != "" && RoleAccount(arn) != "" {
			out[a] = arn
		}
	}
	switch maps := map[string]ActorKind{"ack-role-account-map": Account, "ack-role-team-map": Team}; kind {
	case schema.GroupKind{Kind: "ConfigMap"}:
		data := r.object(root.key("data"))
		all, _ := data.value.(map[string]any)
		for id := range all {
			if actor, ok := maps[name]; ok {
				arn, _ := r.text(data.key(id))
				add(Actor{actor, id}, arn)
			}
		}
	case schema.GroupKind{Kind: "ServiceAccount"}:
		add(Actor{Pod, podsOf(name)}, r.first(root, annotations+podRole).Value)
	case schema.GroupKind{Group: "pkg.crossplane.io", Kind: "ControllerConfig"}:
		add(Actor{Pod, configured(name)}, r.first(root, annotations+podRole).Value)
	case schema.GroupKind{Group: "pkg.crossplane.io", Kind: "DeploymentRuntimeConfig"}:
		add(Actor{Pod, configured(name)}, r.first(root, "/spec/serviceAccountTemplate"+annotations+podRole).Value)
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// podsOf returns the family of controllers whose service account has a name, "" for none that is about S3. Crossplane adds the
// hash of a revision to the provider's name; other members of its family act for other services.
func podsOf(name string) string {
	if strings.HasPrefix(name, "ack-s3-controller") {
		return ACKPods
	}
	_, rest, ok := strings.Cut(name, "provider-aws")
	member := strings.Split(strings.TrimPrefix(rest, "-"), "-")[0]
	switch {
	case !ok:
		return ""
	case member == "", member == "s3", member == "s3control", len(member) >= 7 && strings.Trim(member, "0123456789abcdef") == "":
		return CrossplanePods
	}
	return ""
}

// configured returns the family of what a configuration of Crossplane's is for, which may have any name.
func configured(name string) string {
	if strings.Contains(name, "provider-aws") {
		return podsOf(name)
	}
	return CrossplanePods
}

// ConfigActor returns whose role the providers act in with a Config that names none. ok is false for one that has a role or a key.
func ConfigActor(obj map[string]any) (a Actor, ok bool) {
	var r reader
	spec := node{obj, ""}.key("spec")
	switch source, _ := r.text(spec.key("credentials").key("source")); source {
	case "IRSA", "PodIdentity", "InjectedIdentity":
		return Actor{Pod, CrossplanePods}, r.err == nil && r.role(spec) == "" && spec.key("assumeRoleChain").value == nil
	}
	return Actor{}, false
}

func groupKindOf(obj map[string]any) schema.GroupKind {
	version, _ := obj["apiVersion"].(string)
	kind, _ := obj["kind"].(string)
	return schema.FromAPIVersionAndKind(version, kind).GroupKind()
}
