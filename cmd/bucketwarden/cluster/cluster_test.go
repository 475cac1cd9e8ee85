package cluster

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/rest"
)

// answers are those of an API server that serves ACK's Buckets, in two pages, and namespaces, which nobody may read.
var answers = map[string]string{
	"/apis/s3.services.k8s.aws": `{"kind": "APIGroup", "versions": [{"groupVersion": "s3.services.k8s.aws/v1"},
		{"groupVersion": "s3.services.k8s.aws/v1alpha1"}], "preferredVersion": {"groupVersion": "s3.services.k8s.aws/v1alpha1"}}`,
	"/apis/s3.services.k8s.aws/v1alpha1": `{"kind": "APIResourceList", "resources": [{"name": "buckets/status", "kind": "Bucket"},
		{"name": "buckets", "kind": "Bucket"}]}`,
	"/apis/s3.services.k8s.aws/v1":                                       `{"kind": "APIResourceList", "resources": [{"name": "olds", "kind": "Old"}]}`,
	"/apis/s3.services.k8s.aws/v1alpha1/buckets?limit=500":               `{"metadata": {"continue": "next"}, "items": [{"metadata": {"generation": 3}}]}`,
	"/apis/s3.services.k8s.aws/v1alpha1/buckets?continue=next&limit=500": `{"metadata": {}, "items": [{}, {}]}`,
	"/apis/s3.services.k8s.aws/v1/olds?limit=500":                        `{"items": [{}]}`,
	"/api/v1": `{"kind": "APIResourceList", "resources": [{"name": "namespaces", "kind": "Namespace"}]}`,
}

func TestList(t *testing.T) {
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		w.Header().Set("Content-Type", "application/json")
		answer, ok := answers[r.URL.RequestURI()]
		switch {
		case ok:
			fmt.Fprint(w, answer)
		case strings.HasPrefix(r.URL.Path, "/api/v1/namespaces"):
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, `{"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Forbidden", "code": 403,
				"message": "namespaces is forbidden: User \"u\" cannot list"}`)
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	c, err := New(&rest.Config{Host: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	list := func(group, kind string) ([]string, error) {
		var got []string
		err := c.List(t.Context(), schema.GroupKind{Group: group, Kind: kind}, func(o map[string]any) { got = append(got, fmt.Sprint(o)) })
		return got, err
	}
	const bucket = "map[apiVersion:s3.services.k8s.aws/v1alpha1 kind:Bucket"
	for _, tt := range []struct {
		group, kind string
		want        []string
	}{
		{"s3.services.k8s.aws", "Bucket", []string{bucket + " metadata:map[generation:3]]", bucket + "]", bucket + "]"}},
		{"s3.services.k8s.aws", "Old", []string{"map[apiVersion:s3.services.k8s.aws/v1 kind:Old]"}}, // not in the preferred version
		{"s3.services.k8s.aws", "Other", nil},
		{"s3.aws.upbound.io", "Bucket", nil},
	} {
		got, err := list(tt.group, tt.kind)
		if diff := cmp.Diff(tt.want, got); diff != "" || err != nil {
			t.Errorf("%s.%s: %v\n%s", tt.kind, tt.group, err, diff)
		}
	}
	if asked != 7 {
		t.Errorf("%d requests, want 7: what is served is asked once", asked)
	}
	if _, err := list("", "Namespace"); !apierrors.IsForbidden(err) || !strings.Contains(err.Error(), "cannot list") {
		t.Errorf("got %v, want what the API server says", err)
	}
}
