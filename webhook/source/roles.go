package source

import (
	"slices"
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

// RoleSelector gives objects of ACK's a role, by their namespaces, kinds and labels: what is left out selects all.
type RoleSelector struct {
	ARN             string
	Namespaces      []string
	NamespaceLabels map[string]string
	Kinds           []schema.GroupVersionKind // "" for any group, version or kind
	Labels          map[string]string
}

// ReadRoleSelector reads an IAMRoleSelector of ACK's. ok is false for any other object, and for one without a role's ARN.
//
// https://aws-controllers-k8s.github.io/docs/guides/cross-account
func ReadRoleSelector(obj map[string]any) (s RoleSelector, ok bool) {
	if groupKindOf(obj) != (schema.GroupKind{Group: "services.k8s.aws", Kind: "IAMRoleSelector"}) {
		return s, false
	}
	var r reader
	spec := r.object(node{obj, ""}.key("spec"))
	s.ARN, _ = r.text(spec.key("arn"))
	namespaces := r.object(spec.key("namespaceSelector"))
	for n := range r.list(namespaces.key("names")) {
		name, _ := r.text(n)
		s.Namespaces = append(s.Namespaces, name)
	}
	s.NamespaceLabels = r.texts(r.object(namespaces.key("labelSelector")).key("matchLabels"))
	s.Labels = r.texts(r.object(spec.key("resourceLabelSelector")).key("matchLabels"))
	for n := range r.list(spec.key("resourceTypeSelector")) {
		n = r.object(n)
		var k schema.GroupVersionKind
		k.Group, _ = r.text(n.key("group"))
		k.Version, _ = r.text(n.key("version"))
		k.Kind, _ = r.text(n.key("kind"))
		s.Kinds = append(s.Kinds, k)
	}
	return s, r.err == nil && RoleAccount(s.ARN) != ""
}

// texts returns the members of an object that are strings.
func (r *reader) texts(n node) map[string]string {
	n = r.object(n)
	all, _ := n.value.(map[string]any)
	out := map[string]string{}
	for name := range all {
		out[name], _ = r.text(n.key(name))
	}
	return out
}

// Selects reports whether the selector is for an object, in a namespace with some labels.
func (s RoleSelector) Selects(o Reading, namespace map[string]string) bool {
	return o.Source.Provider == ACK &&
		(len(s.Namespaces) == 0 || slices.Contains(s.Namespaces, o.Namespace)) && within(s.NamespaceLabels, namespace) && within(s.Labels, o.Labels) &&
		(len(s.Kinds) == 0 || slices.ContainsFunc(s.Kinds, func(k schema.GroupVersionKind) bool {
			return (k.Group == "" || k.Group == o.Source.Group) && (k.Kind == "" || k.Kind == o.Source.Kind)
		}))
}

// within reports whether labels have all of some.
func within(some, labels map[string]string) bool {
	for name, value := range some {
		if got, ok := labels[name]; !ok || got != value {
			return false
		}
	}
	return true
}

func groupKindOf(obj map[string]any) schema.GroupKind {
	version, _ := obj["apiVersion"].(string)
	kind, _ := obj["kind"].(string)
	return schema.FromAPIVersionAndKind(version, kind).GroupKind()
}
