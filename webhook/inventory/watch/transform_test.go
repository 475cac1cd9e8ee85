package watch

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	toolscache "k8s.io/client-go/tools/cache"

	"github.com/bucketwarden/bucketwarden/webhook/inventory"
)

// TestTransform goes the way of an informer: what the cache keeps of an object is all that the Index gets.
func TestTransform(t *testing.T) {
	index := &inventory.Index{}
	byKind := map[string]Kind{}
	for _, k := range kinds(index) {
		byKind[k.GroupKind.String()] = k
	}
	transform := CacheOptions(&Health{}).DefaultTransform
	kept := func(obj map[string]any) any {
		t.Helper()
		once, err := transform(&unstructured.Unstructured{Object: obj})
		if err != nil {
			t.Fatal(err)
		}
		twice, err := transform(once)
		if err != nil || once != twice {
			t.Errorf("the second time it becomes %v, %v", twice, err)
		}
		return twice
	}
	bucket := object("s3.aws.upbound.io/v1beta1", "Bucket", nil)
	o, kind := kept(bucket), byKind["Bucket.s3.aws.upbound.io"]
	if key, err := toolscache.MetaNamespaceKeyFunc(o); key != "logs" || err != nil {
		t.Errorf("key %q, %v", key, err)
	}
	kind.set(o)
	if got := index.Get(inventory.KeyOf(bucket)); got == nil {
		t.Error("not kept")
	}
	kind.delete(toolscache.DeletedFinalStateUnknown{Obj: o})
	if got := index.Keys(); len(got) > 0 {
		t.Errorf("%v stay behind", got)
	}
	kind.set(o)
	kind.set(kept(object("s3.aws.upbound.io/v1beta1", "Bucket", map[string]any{"managementPolicies": 7}))) // which cannot be read
	if got := index.Keys(); len(got) > 0 {
		t.Errorf("%v are not forgotten", got)
	}

	secret := &metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{Name: "s", ManagedFields: []metav1.ManagedFieldsEntry{{}}}}
	if o, err := transform(secret); err != nil || o != any(secret) || secret.ManagedFields != nil {
		t.Errorf("another kind becomes %v, %v", o, err)
	}
	other := &unstructured.Unstructured{Object: object("example.org/v1", "Thing", nil)}
	var got []string
	things := Kind{Set: func(obj map[string]any) { got = append(got, "set") }, Delete: func(k inventory.Key) { got = append(got, "delete "+k.String()) }}
	o, _ = transform(other)
	things.set(o)
	things.delete(o)
	if diff := gocmp.Diff([]string{"set", "delete Thing logs"}, got); diff != "" {
		t.Error(diff)
	}
}

func object(version, kind string, spec map[string]any) map[string]any {
	return map[string]any{"apiVersion": version, "kind": kind, "metadata": map[string]any{"name": "logs"}, "spec": spec}
}
