package inventory

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	toolscache "k8s.io/client-go/tools/cache"

	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// What the Index gives back of an object is what source.Trim leaves of it.
func TestGet(t *testing.T) {
	all := universe()
	for _, objects := range stock {
		all = append(all, objects("logs")...)
	}
	odd := object(ackBucket, "team/odd", m{"name": "odd", "policy": "<\u2028&>\x00\"", "publicAccessBlock": []any{1.5, true, nil}})
	for _, obj := range append(all, odd) {
		u := &unstructured.Unstructured{}
		if err := u.UnmarshalJSON([]byte(encode(obj))); err != nil {
			continue // not one that the API server could send
		}
		index := &Index{}
		index.Set(u.Object)
		reading, _, err := source.Read(u.Object)
		want := source.Trim(u.Object)
		if _, known := source.Lookup(KeyOf(u.Object).GroupKind); err != nil || !known || reading.Object == "" {
			want = nil
		}
		if diff := gocmp.Diff(want, index.Get(KeyOf(u.Object))); diff != "" {
			t.Errorf("%v: -want +got:\n%s", obj, diff)
		}
	}
	if got := (&Index{}).Get(Key{Name: "x"}); got != nil {
		t.Errorf("%v of nothing", got)
	}
}

// TestTransform goes the way of an informer: what the cache keeps of an object is all that the Index gets.
func TestTransform(t *testing.T) {
	index := &Index{}
	kinds := map[string]Kind{}
	for _, k := range index.kinds() {
		kinds[k.GroupKind.String()] = k
	}
	transform := CacheOptions(&Health{}).DefaultTransform
	kept := func(obj m) any {
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
	bucket := stored(upboundBucket, "logs", m{}, m{})
	o, kind := kept(bucket), kinds["Bucket.s3.aws.upbound.io"]
	if key, err := toolscache.MetaNamespaceKeyFunc(o); key != "logs" || err != nil {
		t.Errorf("key %q, %v", key, err)
	}
	kind.set(o)
	if got := index.Get(KeyOf(bucket)); got == nil {
		t.Error("not kept")
	}
	kind.delete(toolscache.DeletedFinalStateUnknown{Obj: o})
	if got := index.Keys(); len(got) > 0 {
		t.Errorf("%v stay behind", got)
	}
	kind.set(o)
	kind.set(kept(object(upboundBucket, "logs", m{"managementPolicies": 7}))) // which cannot be read
	if got := index.Keys(); len(got) > 0 {
		t.Errorf("%v are not forgotten", got)
	}

	secret := &metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{Name: "s", ManagedFields: []metav1.ManagedFieldsEntry{{}}}}
	if o, err := transform(secret); err != nil || o != any(secret) || secret.ManagedFields != nil {
		t.Errorf("another kind becomes %v, %v", o, err)
	}
	other := &unstructured.Unstructured{Object: object("example.org/v1 Thing", "x", m{})}
	var got []string
	things := Kind{Set: func(obj m) { got = append(got, "set") }, Delete: func(k Key) { got = append(got, "delete "+k.String()) }}
	o, _ = transform(other)
	things.set(o)
	things.delete(o)
	if diff := gocmp.Diff([]string{"set", "delete Thing x"}, got); diff != "" {
		t.Error(diff)
	}
}
