package source

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

var xbucket = Declaration{
	Group: "platform.example.org", Kind: "XBucket", Plural: "xbuckets",
	Policy: "/spec/parameters/policy", Bucket: "/spec/name", Ownership: "/spec/ownership",
}

func declare(t *testing.T, all ...Declaration) {
	t.Helper()
	Declare(all)
	t.Cleanup(func() { Declare(nil) })
}

func ownObject(policy any) map[string]any {
	return map[string]any{
		"apiVersion": "platform.example.org/v1", "kind": "XBucket",
		"metadata": map[string]any{
			"name": "shop", "namespace": "team", "resourceVersion": "7",
			"annotations": map[string]any{"crossplane.io/paused": "true", "services.k8s.aws/read-only": "true"},
		},
		"spec": map[string]any{
			"name": "shop-assets", "ownership": "BucketOwnerEnforced", "managementPolicies": []any{"Observe"}, "size": int64(3),
			"parameters": map[string]any{"policy": policy, "color": "blue"},
		},
	}
}

// A policy is a text or the document itself, and nothing that controllers of others honour keeps it from being judged.
func TestReadDeclared(t *testing.T) {
	if _, ok, _ := Read(ownObject("{}")); ok {
		t.Fatal("it is read before anybody has declared it")
	}
	declare(t, xbucket)
	for _, tt := range []struct {
		policy   any
		raw      string
		encoding Encoding
	}{
		{`{"Statement": []}`, `{"Statement": []}`, JSON},
		{map[string]any{"Statement": []any{}}, `{"Statement":[]}`, Object},
	} {
		r, ok, err := Read(ownObject(tt.policy))
		if !ok || err != nil {
			t.Fatal(ok, err)
		}
		if d := r.Documents[0]; d.Raw != tt.raw || d.Encoding != tt.encoding || d.Field != "spec.parameters.policy" {
			t.Errorf("%v: %+v", tt.policy, d)
		}
		if r.Name.Literal != "shop-assets" || r.Ownership[0].Value != "BucketOwnerEnforced" || r.Namespace != "team" {
			t.Errorf("%+v", r)
		}
		if r.Mode != (Mode{}) || r.ProviderConfig != (ProviderConfig{}) || r.Source.OnIdentity() || r.Source.OnAccessPoint() {
			t.Errorf("mode %+v, credentials %+v", r.Mode, r.ProviderConfig)
		}
	}
	if _, ok, err := Read(ownObject(7)); !ok || err == nil {
		t.Errorf("a number is taken for a policy: %v", err)
	}
}

// What is kept of an object is what is read of it, and only a change of that is a change.
func TestDeclaredInput(t *testing.T) {
	declare(t, xbucket)
	obj := ownObject("{}")
	before, _, _ := Read(obj)
	trimmed, _, _ := Read(Trim(obj))
	if before.Input() == "" || before.Input() != trimmed.Input() {
		t.Errorf("%q is left of %q", trimmed.Input(), before.Input())
	}
	if left := Trim(obj)["spec"].(map[string]any); left["size"] != nil || left["name"] == nil {
		t.Errorf("left of the spec: %v", left)
	}
	other := ownObject("{}")
	other["spec"].(map[string]any)["parameters"].(map[string]any)["color"] = "red"
	if r, _, _ := Read(other); r.Input() != before.Input() {
		t.Error("another field that nobody reads is a change")
	}
	if r, _, _ := Read(ownObject("{ }")); r.Input() == before.Input() {
		t.Error("another policy is no change")
	}
}

// Nobody declares a kind that is read already, or Kubernetes' own; of two declarations of one kind the first counts.
func TestDeclare(t *testing.T) {
	second := xbucket
	second.Policy = "/spec/other"
	var taken []Declaration
	for _, gk := range []schema.GroupKind{
		{Group: "s3.aws.upbound.io", Kind: "BucketPolicy"}, {Group: "iam.services.k8s.aws", Kind: "Role"}, {Kind: "Namespace"},
		{Group: "aws.upbound.io", Kind: "ProviderConfig"}, {Group: "bucketwarden.dev", Kind: "Ruleset"}, {Group: "apps", Kind: "Deployment"},
		{Group: "rbac.authorization.k8s.io", Kind: "ClusterRole"},
	} {
		d := xbucket
		d.Group, d.Kind = gk.Group, gk.Kind
		taken = append(taken, d)
	}
	declare(t, slices.Concat(taken, []Declaration{xbucket, second})...)
	if diff := cmp.Diff([]Declaration{xbucket}, Declared()); diff != "" {
		t.Error(diff)
	}
	if s, _ := Lookup(schema.GroupKind{Group: "iam.services.k8s.aws", Kind: "Role"}); s.Provider != ACK {
		t.Errorf("%+v", s)
	}
	Declare(nil)
	if _, ok := Lookup(xbucket.GroupKind()); ok || len(Declared()) > 0 {
		t.Error("it is read although nobody declares it any more")
	}
}
