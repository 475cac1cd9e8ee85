package inventory

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

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
		_, _, err := source.Read(u.Object)
		want := source.Trim(u.Object)
		if _, known := source.Lookup(KeyOf(u.Object).GroupKind); err != nil || !known || KeyOf(u.Object).Name == "" {
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
