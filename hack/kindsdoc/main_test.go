package main

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/bucketwarden/bucketwarden/webhook/source"
)

func TestRender(t *testing.T) {
	one := source.Source{
		Group: "s3.aws.upbound.io", Kind: "BucketPolicy", Provider: source.Upbound,
		Policies: []source.PolicyField{{Pointer: "/spec/forProvider/policy"}, {Pointer: "/spec/initProvider/policy"}},
		Bucket:   []source.NameField{{Literal: "/spec/forProvider/bucket"}, {Literal: "/metadata/annotations/crossplane.io~1external-name"}},
		ACL:      []string{"/spec/initProvider/acl"},
	}
	other := one
	other.Group = "s3.aws.m.upbound.io"
	ack := source.Source{Group: "s3.services.k8s.aws", Kind: "Bucket", Provider: source.ACK, ACL: []string{"/spec/acl"}}
	got := render([]source.Source{one, other, ack}, nil, map[schema.GroupKind][]string{one.GroupKind(): {"v1beta1", "v1beta2"}, ack.GroupKind(): {"v1alpha1"}})
	for _, want := range []string{
		"\n| BucketPolicy | `s3.aws.upbound.io` v1beta1, v1beta2; `s3.aws.m.upbound.io` | `spec.forProvider.policy` | `spec.initProvider.acl` | " +
			"`spec.forProvider.bucket`, `metadata.annotations[crossplane.io/external-name]` |\n",
		"\n| Bucket | `s3.services.k8s.aws` v1alpha1 | | `spec.acl` | |\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no row %q in\n%s", want, got)
		}
	}
}

// The page is that of the kinds which are read.
func TestPageIsUpToDate(t *testing.T) {
	got, err := os.ReadFile("../../docs/kinds.md")
	if err != nil {
		t.Fatal(err)
	}
	versions, err := served(crds)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(render(source.All(), source.Identities(), versions), string(got)); diff != "" {
		t.Errorf("docs/kinds.md, which go generate writes (-want +got):\n%s", diff)
	}
}
