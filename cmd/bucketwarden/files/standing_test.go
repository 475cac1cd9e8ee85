package files

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

var ackBuckets = schema.GroupKind{Group: "s3.services.k8s.aws", Kind: "Bucket"}

// oneKind is a cluster that serves one kind.
type oneKind struct {
	objects []map[string]any
	refuse  bool
}

func (c oneKind) List(_ context.Context, kind schema.GroupKind, each func(map[string]any)) error {
	if c.refuse {
		return apierrors.NewForbidden(schema.GroupResource{Group: kind.Group, Resource: "buckets"}, "", nil)
	}
	if kind != ackBuckets {
		return nil
	}
	for _, o := range c.objects {
		each(o)
	}
	return nil
}

func TestReadStanding(t *testing.T) {
	var cluster oneKind
	for i := range 3 {
		obj := unstructured.Unstructured{Object: ackBucket(t, "", setsNone)}
		obj.SetName(fmt.Sprint("b", i))
		obj.SetManagedFields([]metav1.ManagedFieldsEntry{{Manager: "kubectl"}})
		obj.SetAnnotations(map[string]string{"meta.helm.sh/release-name": "store"})
		cluster.objects = append(cluster.objects, obj.Object)
	}
	s, err := ReadStanding(t.Context(), &bytes.Buffer{}, cluster)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range s.Files {
		names = append(names, f.Name)
		if meta, _ := f.Items[0].Object["metadata"].(map[string]any); meta["managedFields"] != nil {
			t.Errorf("%s keeps %v", f.Name, meta["managedFields"])
		}
		if managers := s.origins[f.Items[0]].managers; !slices.Equal(managers, []string{"Helm release store"}) {
			t.Errorf("%s is managed by %q", f.Name, managers)
		}
	}
	if diff := cmp.Diff([]string{"Bucket team-a/b0", "Bucket team-a/b1", "Bucket team-a/b2"}, names); diff != "" {
		t.Error(diff)
	}

	_, err = ReadStanding(t.Context(), &bytes.Buffer{}, oneKind{refuse: true})
	if want := "listing Namespace: "; err == nil || !strings.HasPrefix(err.Error(), want) || !apierrors.IsForbidden(err) {
		t.Errorf("%v, want %s... forbidden", err, want)
	}
}
