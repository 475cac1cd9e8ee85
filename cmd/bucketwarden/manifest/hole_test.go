package manifest

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestFilledFields holds which fields of an object are left out for a hole in it, and which stay.
func TestFilledFields(t *testing.T) {
	const policy = `{"Version": "2012-10-17", "Statement": []}`
	for _, c := range []struct{ hole, fields, left, without string }{
		{"/spec/acl", "spec.acl", "/spec/name /spec/policy", "/spec/acl"},
		{"/spec/policy", "spec.policy", "/spec/name /spec/acl", "/spec/policy"},
		{"/spec", "spec", "/metadata/name", "/spec"},
		{"", "the object", "/kind", "/spec /metadata"},
		{"/metadata", "", "/spec/acl", "/metadata"},
		{"/spec/tagging", "", "/spec/acl /spec/policy", ""},
		{"/spec/grantRead", "spec.grantRead", "/spec/acl /spec/policy", ""},
	} {
		object := map[string]any{
			"apiVersion": "s3.services.k8s.aws/v1alpha1", "kind": "Bucket", "metadata": map[string]any{"name": "b"},
			"spec": map[string]any{"name": "b", "acl": "private", "policy": policy},
		}
		out, filled, _ := unfilled(object, []hole{{pointer: c.hole, from: "x"}})
		var fields []string
		for _, f := range filled.Fields {
			fields = append(fields, f.Path)
		}
		if got := strings.Join(fields, " "); got != c.fields {
			t.Errorf("%s: fields %q, want %q", c.hole, got, c.fields)
		}
		for p := range strings.FieldsSeq(c.left) {
			if at(out, p) == nil {
				t.Errorf("%s: %s is gone", c.hole, p)
			}
		}
		for p := range strings.FieldsSeq(c.without) {
			if at(out, p) != nil {
				t.Errorf("%s: %s is there", c.hole, p)
			}
		}
		if settings := slices.Contains([]string{"", "/spec", "/spec/acl", "/spec/grantRead"}, c.hole); filled.Settings != settings {
			t.Errorf("%s: settings are open: %v", c.hole, filled.Settings)
		}
	}
}

// TestBelow holds what a hole in or around an object is in it.
func TestBelow(t *testing.T) {
	for _, c := range []struct{ hole, pointer, want string }{
		{"/a/b/c", "/a/b", "/c"}, {"/a/b", "/a/b", ""}, {"/a", "/a/b", ""}, {"", "/a", ""}, {"/a/bc", "/a/b", "none"}, {"/a/b", "/a/bc", "none"}, {"/x", "", "/x"},
	} {
		got := "none"
		for _, h := range below([]hole{{pointer: c.hole}}, c.pointer, "") {
			got = h.pointer
		}
		if got != c.want {
			t.Errorf("%q below %q is %q, want %q", c.hole, c.pointer, got, c.want)
		}
	}
}

func TestPut(t *testing.T) {
	object := map[string]any{"a": []any{map[string]any{"b": "c"}, map[string]any{"b": "d"}}, "e": 1}
	for _, pointer := range []string{"/a/1/b", "/a/7/b", "/f/g", "/e"} {
		put(object, split(pointer), "x")
	}
	want := map[string]any{"a": []any{map[string]any{"b": "c"}, map[string]any{"b": "x"}}, "e": "x", "f": map[string]any{"g": "x"}}
	if !reflect.DeepEqual(object, want) {
		t.Errorf("got %v", object)
	}
}
