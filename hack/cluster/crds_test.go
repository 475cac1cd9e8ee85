package cluster

import (
	"slices"
	"strings"
	"testing"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/bucketwarden/bucketwarden/webhook/source"
)

const crds = "../../config/samples/crds"

// What the webhook knows and what the samples' CRDs offer are the same kinds, and every field that is read is one that
// the schema keeps.
func TestCRDs(t *testing.T) {
	list, err := ReadCRDs(crds)
	if err != nil {
		t.Fatal(err)
	}
	offered := map[schema.GroupKind]bool{}
	for _, crd := range list {
		gk := schema.GroupKind{Group: crd.Spec.Group, Kind: crd.Spec.Names.Kind}
		offered[gk] = true
		s, ok := source.Lookup(gk)
		if !ok {
			if !slices.Contains(source.Configs(), config(crd)) {
				t.Errorf("%s is no kind that the webhook knows", gk)
			}
			continue
		}
		if s.Plural != crd.Spec.Names.Plural || s.Namespaced != (crd.Spec.Scope == apiextensions.NamespaceScoped) {
			t.Errorf("%s: plural %s, scope %s; want %s, namespaced %v", gk, crd.Spec.Names.Plural, crd.Spec.Scope, s.Plural, s.Namespaced)
		}
		for _, v := range crd.Spec.Versions {
			for _, p := range pointers(s) {
				if !keeps(v.Schema.OpenAPIV3Schema, strings.Split(p[1:], "/")) {
					t.Errorf("%s %s has no %s", gk, v.Name, p)
				}
			}
			if v.Subresources == nil || v.Subresources.Status == nil {
				t.Errorf("%s %s has no status subresource", gk, v.Name)
			}
		}
	}
	for _, s := range source.All() {
		if !offered[s.GroupKind()] {
			t.Errorf("%s has no CRD", s.GroupKind())
		}
	}
	for _, c := range source.Configs() {
		if !offered[c.GroupKind()] {
			t.Errorf("%s has no CRD", c.GroupKind())
		}
	}
}

func config(crd *apiextensions.CustomResourceDefinition) source.Config {
	return source.Config{
		Group: crd.Spec.Group, Kind: crd.Spec.Names.Kind, Plural: crd.Spec.Names.Plural,
		Namespaced: crd.Spec.Scope == apiextensions.NamespaceScoped,
	}
}

// pointers returns where a kind's fields are, but for metadata.
func pointers(s source.Source) []string {
	out := slices.Concat(s.ACL, s.Account, s.BucketAccount, s.Region, s.Partition, s.ARN, s.PublicAccessBlock.Pointers,
		s.Object.Key, s.Object.ACL, s.Features.Versioning, s.Features.AccessLog, s.Features.Key, s.Features.ObjectLock, s.Features.Lifecycle)
	for _, p := range s.Policies {
		out = append(out, p.Pointer)
	}
	for _, o := range s.Ownership {
		out = append(out, o.Pointer)
	}
	for _, g := range slices.Concat(s.Grants, s.Object.Grants, s.Logs.Grants) {
		out = append(out, g.Pointer)
		for _, name := range []string{g.Names.ID, g.Names.URI, g.Names.Email} {
			if name != "" {
				out = append(out, strings.Join(slices.DeleteFunc([]string{g.Pointer, g.Names.Grantee, name},
					func(part string) bool { return part == "" }), "/"), g.Pointer+"/"+g.Names.Permission)
			}
		}
	}
	for _, n := range slices.Concat(s.Bucket, s.AccessPoint, s.Logs.Target) {
		out = append(out, n.Literal)
		if n.Ref != "" {
			out = append(out, n.Ref+"/name", n.Selector+"/matchLabels")
		}
	}
	for _, p := range s.PublicAccessBlock.Pointers {
		for _, flag := range []string{
			"blockPublic" + s.PublicAccessBlock.ACLs, "ignorePublic" + s.PublicAccessBlock.ACLs,
			"blockPublicPolicy", "restrictPublicBuckets",
		} {
			out = append(out, p+"/"+flag)
		}
	}
	return slices.DeleteFunc(out, func(p string) bool { return strings.HasPrefix(p, "/metadata/") })
}

// keeps reports whether a schema lets a field through.
func keeps(s *apiextensions.JSONSchemaProps, path []string) bool {
	for i, name := range path {
		if s.XPreserveUnknownFields != nil && *s.XPreserveUnknownFields {
			return true
		}
		if s.Items != nil && s.Items.Schema != nil {
			return keeps(s.Items.Schema, path[i:])
		}
		next, ok := s.Properties[name]
		if !ok {
			return false
		}
		s = &next
	}
	return true
}
