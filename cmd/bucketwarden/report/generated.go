package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"
	"sigs.k8s.io/yaml"

	"github.com/bucketwarden/bucketwarden/policy/profiles"
)

// Generated is an object that holds the policy of a profile.
type Generated struct {
	Kind            string // one of ObjectKinds
	Namespace, Name string // Name is the bucket's where it is ""
	Profile         *profiles.Profile
	Values          profiles.Values
	Policy          string // JSON
}

// objectKind is a kind of object that generate writes.
type objectKind struct {
	name                string // as people choose it
	version, kind       string
	namespaced, regions bool // it has a namespace; its provider asks for a region
	policy, bucket      string
}

var objectKinds = []objectKind{
	{"upbound", "s3.aws.upbound.io/v1beta1", "BucketPolicy", false, true, "policy", "bucket"},
	{"upbound-namespaced", "s3.aws.m.upbound.io/v1beta1", "BucketPolicy", true, true, "policy", "bucket"},
	{"classic", "s3.aws.crossplane.io/v1alpha3", "BucketPolicy", false, true, "rawPolicy", "bucketName"},
	{"ack", "s3.services.k8s.aws/v1alpha1", "Bucket", true, false, "policy", "name"},
}

// ObjectKinds are the kinds that YAML knows.
func ObjectKinds() []string {
	var out []string
	for _, k := range objectKinds {
		out = append(out, k.name)
	}
	return out
}

func (g Generated) kind() (objectKind, bool) {
	i := slices.IndexFunc(objectKinds, func(k objectKind) bool { return k.name == g.Kind })
	if i < 0 {
		return objectKind{}, false
	}
	return objectKinds[i], true
}

// Lacks returns the names of the flags without which there is no object.
func (g Generated) Lacks() []string {
	var out []string
	if g.Kind == "" {
		out = append(out, "kind")
	}
	if k, _ := g.kind(); k.regions && g.Values["region"] == "" {
		out = append(out, "region")
	}
	return out
}

// Check refuses what is no object. The error begins with the name of a flag.
func (g Generated) Check() error {
	k, known := g.kind()
	switch {
	case g.Kind != "" && !known:
		near := ""
		if nearest := profiles.Nearest(g.Kind, ObjectKinds()); nearest != "" {
			near = "; did you mean " + nearest + "?"
		}
		return fmt.Errorf("kind: %.60q must be one of %s%s", g.Kind, strings.Join(ObjectKinds(), ", "), near)
	case g.Name != "" && len(validation.IsDNS1123Subdomain(g.Name)) > 0:
		return fmt.Errorf("name: %.60q is no name of an object, such as logs", g.Name)
	case g.Namespace != "" && known && !k.namespaced:
		return fmt.Errorf("namespace: a %s of %s has none; leave it out", k.kind, g.Kind)
	case g.Namespace != "" && len(validation.IsDNS1123Label(g.Namespace)) > 0:
		return fmt.Errorf("namespace: %.60q is no name of a namespace, such as team-a", g.Namespace)
	}
	return nil
}

// YAML returns the object, with annotations by which the webhook holds its policy to the profile from then on.
func (g Generated) YAML() ([]byte, error) {
	k, _ := g.kind()
	spec := map[string]any{k.bucket: g.Values["bucket"], k.policy: g.Policy}
	if k.regions {
		spec["region"] = g.Values["region"]
		spec = map[string]any{"forProvider": spec}
	} else { // ACK would take away the block that S3 gives new buckets
		spec["publicAccessBlock"] = map[string]any{
			"blockPublicACLs": true, "blockPublicPolicy": true, "ignorePublicACLs": true, "restrictPublicBuckets": true,
		}
	}
	annotations := map[string]any{"bucketwarden.dev/profile": g.Profile.Name}
	if p := g.parameters(); p != "" {
		annotations["bucketwarden.dev/profile-parameters"] = p
	}
	meta := map[string]any{"name": g.Name, "annotations": annotations}
	if g.Name == "" {
		meta["name"] = g.Values["bucket"]
	}
	if g.Namespace != "" {
		meta["namespace"] = g.Namespace
	}
	return yaml.Marshal(map[string]any{"apiVersion": k.version, "kind": k.kind, "metadata": meta, "spec": spec})
}

// parameters are the values that the object does not say itself, as its annotation has them.
func (g Generated) parameters() string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(g.Values)) {
		switch value := g.Values[name]; {
		case name == "bucket":
		case value == "true":
			out = append(out, name)
		default:
			out = append(out, name+"="+value)
		}
	}
	return strings.Join(out, " ")
}
