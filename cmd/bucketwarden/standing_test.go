package main

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

var ackBuckets = schema.GroupVersionKind{Group: "s3.services.k8s.aws", Version: "v1alpha1", Kind: "Bucket"}

// pages is a cluster that serves one kind, one object a page.
type pages struct {
	client.Client
	objects []map[string]any
	refuse  bool
	asked   []string
}

func (p *pages) RESTMapper() meta.RESTMapper {
	m := meta.NewDefaultRESTMapper([]schema.GroupVersion{ackBuckets.GroupVersion()})
	m.Add(ackBuckets, meta.RESTScopeNamespace)
	return m
}

func (p *pages) List(_ context.Context, list client.ObjectList, opts ...client.ListOption) error {
	o := (&client.ListOptions{}).ApplyOptions(opts)
	p.asked = append(p.asked, fmt.Sprintf("%s limit %d from %q", list.GetObjectKind().GroupVersionKind().Kind, o.Limit, o.Continue))
	if p.refuse {
		return apierrors.NewForbidden(schema.GroupResource{Group: ackBuckets.Group, Resource: "buckets"}, "", nil)
	}
	n := len(o.Continue)
	list.(*unstructured.UnstructuredList).Items = []unstructured.Unstructured{{Object: p.objects[n]}}
	if n+1 < len(p.objects) {
		list.SetContinue(strings.Repeat("+", n+1))
	}
	return nil
}

func TestReadStanding(t *testing.T) {
	var cluster pages
	for i := range 3 {
		obj := unstructured.Unstructured{Object: ackBucket(t, "", setsNone)}
		obj.SetName(fmt.Sprint("b", i))
		obj.SetManagedFields([]metav1.ManagedFieldsEntry{{Manager: "kubectl"}})
		obj.SetAnnotations(map[string]string{"meta.helm.sh/release-name": "store"})
		cluster.objects = append(cluster.objects, obj.Object)
	}
	s, err := readStanding(t.Context(), &bytes.Buffer{}, &cluster)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{`Bucket limit 500 from ""`, `Bucket limit 500 from "+"`, `Bucket limit 500 from "++"`}
	if diff := cmp.Diff(want, cluster.asked); diff != "" {
		t.Error(diff)
	}
	var names []string
	for _, f := range s.files {
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

	_, err = readStanding(t.Context(), &bytes.Buffer{}, &pages{refuse: true})
	if want := "listing Bucket.s3.services.k8s.aws: "; err == nil || !strings.HasPrefix(err.Error(), want) || !apierrors.IsForbidden(err) {
		t.Errorf("%v, want %s... forbidden", err, want)
	}
}
