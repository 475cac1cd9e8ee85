package settings

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/bucketwarden/bucketwarden/api/v1alpha1"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// TestDeclarations has what becomes of a kind of somebody's own: its pointers, or why it is none.
func TestDeclarations(t *testing.T) {
	fine := v1alpha1.OwnKind{Group: "platform.example.org", Kind: "XBucket", Resource: "xbuckets", Policy: "spec.parameters.policy", BucketName: "spec.name"}
	with := func(change func(*v1alpha1.OwnKind)) v1alpha1.OwnKind {
		k := fine
		change(&k)
		return k
	}
	tests := []struct {
		name string
		in   v1alpha1.OwnKind
		want string
	}{
		{"dotted", fine, "/spec/parameters/policy /spec/name "},
		{"pointers", with(func(k *v1alpha1.OwnKind) {
			k.Policy, k.BucketName, k.ObjectOwnership = "/spec/s3~1policy", "/metadata/annotations/example.org~1bucket", "spec.ownership"
		}), "/spec/s3~1policy /metadata/annotations/example.org~1bucket /spec/ownership"},
		{"by its own name", with(func(k *v1alpha1.OwnKind) { k.BucketName = "metadata.name" }), "/spec/parameters/policy /metadata/name "},
		{"no policy", with(func(k *v1alpha1.OwnKind) { k.Policy = "" }), "kinds[0].policy: Required"},
		{"no bucket", with(func(k *v1alpha1.OwnKind) { k.BucketName = "" }), "kinds[0].bucketName: Required"},
		{"a policy in the status", with(func(k *v1alpha1.OwnKind) { k.Policy = "status.policy" }), "not under /spec/"},
		{"a whole spec", with(func(k *v1alpha1.OwnKind) { k.Policy = "/spec/" }), "not a path"},
		{"an index", with(func(k *v1alpha1.OwnKind) { k.Policy = "spec.buckets[0].policy" }), "not a path"},
		{"a wildcard", with(func(k *v1alpha1.OwnKind) { k.Policy = "spec.*.policy" }), "not a path"},
		{"too deep", with(func(k *v1alpha1.OwnKind) { k.Policy = "spec" + strings.Repeat(".a", 30) }), "not a path"},
		{"another place for the name", with(func(k *v1alpha1.OwnKind) { k.BucketName = "metadata.namespace" }), "not under /spec/, /metadata/name"},
		{"core", with(func(k *v1alpha1.OwnKind) { k.Group, k.Kind = "", "ConfigMap" }), "not an API group"},
		{"Kubernetes", with(func(k *v1alpha1.OwnKind) { k.Group = "networking.k8s.io" }), "read already"},
		{"our own", with(func(k *v1alpha1.OwnKind) { k.Group, k.Kind = "bucketwarden.dev", "Ruleset" }), "read already"},
		{"known", with(func(k *v1alpha1.OwnKind) { k.Group, k.Kind = "s3.aws.upbound.io", "BucketPolicy" }), "read already"},
		{"credentials", with(func(k *v1alpha1.OwnKind) { k.Group, k.Kind = "aws.upbound.io", "ProviderConfig" }), "read already"},
		{"no kind", with(func(k *v1alpha1.OwnKind) { k.Kind = "xbucket" }), "not a kind"},
		{"no resource", with(func(k *v1alpha1.OwnKind) { k.Resource = "XBuckets" }), "not the plural"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var r reader
			got := r.declarations(field.NewPath("kinds"), []v1alpha1.OwnKind{tt.in})
			if err := r.errs.ToAggregate(); err != nil {
				if len(got) > 0 || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("%v, want %q", err, tt.want)
				}
				return
			}
			if text := got[0].Policy + " " + got[0].Bucket + " " + got[0].Ownership; text != tt.want {
				t.Errorf("%q, want %q", text, tt.want)
			}
		})
	}
}

// Whatever is written as a path is refused, or leads into the spec.
func FuzzOwnKindPath(f *testing.F) {
	for _, path := range []string{"spec.a.b", "/spec/a~1b", "spec", "spec..a", "/spec//a", "metadata.name", "spec.a[0]", "/spec/\x00", "~"} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		var r reader
		pointer := r.path(field.NewPath("policy"), path, "/spec/")
		switch {
		case len(r.errs) > 0 && pointer != "":
			t.Errorf("%q is refused, and %q", path, pointer)
		case len(r.errs) == 0 && path != "" && (!strings.HasPrefix(pointer, "/spec/") || strings.Contains(pointer, "//") || strings.HasSuffix(pointer, "/")):
			t.Errorf("%q leads to %q", path, pointer)
		}
	})
}

// Of the Rulesets of a cluster those with the first name count first, and one that goes takes its kinds along.
func TestDeclared(t *testing.T) {
	store := NewStore(nil)
	put := func(name, path string) {
		t.Helper()
		in := &v1alpha1.Ruleset{Spec: v1alpha1.RulesetSpec{Kinds: []v1alpha1.OwnKind{{
			Group: "platform.example.org", Kind: "XBucket", Resource: "xbuckets", Policy: path, BucketName: "spec.name",
		}}}}
		in.Name = name
		if err := store.PutRuleset(in); err != nil {
			t.Fatal(err)
		}
	}
	put("b", "spec.b")
	put("a", "spec.a")
	var got []string
	for _, d := range store.Set().Declared() {
		got = append(got, d.Policy)
	}
	if diff := cmp.Diff([]string{"/spec/a", "/spec/b"}, got); diff != "" {
		t.Error(diff)
	}
	store.DeleteRuleset("a")
	store.DeleteRuleset("b")
	if left := store.Set().Declared(); len(left) != 0 {
		t.Errorf("%v are left", left)
	}
}

// A Ruleset may be for a kind that it declares itself, or that another one may declare: that is said.
func TestMatchOwnKinds(t *testing.T) {
	own := []v1alpha1.OwnKind{{Group: "platform.example.org", Kind: "XBucket", Resource: "xbuckets", Policy: "spec.p", BucketName: "spec.name"}}
	for _, tt := range []struct {
		kind      string
		own       []v1alpha1.OwnKind
		note, err string
	}{
		{"XBucket", own, "", ""},
		{"XBucket.platform.example.org", own, "", ""},
		{"XBucket", nil, "", "not a kind that Bucketwarden knows"},
		{"XBucket.platform.example.org", nil, "has an effect only while a Ruleset declares this kind", ""},
		{"BucketPolicy.s3.aws.upbond.upbound.io", nil, "", "not a kind that Bucketwarden knows"},
		{"Deployment.apps", nil, "", "not a kind that Bucketwarden knows"},
	} {
		in := &v1alpha1.Ruleset{Spec: v1alpha1.RulesetSpec{Match: &v1alpha1.RulesetMatch{Kinds: []string{tt.kind}}, Kinds: tt.own}}
		notes, err := NewStore(nil).CheckRuleset(in)
		if text := strings.Join(notes, "\n"); (text == "") != (tt.note == "") || !strings.Contains(text, tt.note) {
			t.Errorf("%s: notes %q, want %q", tt.kind, text, tt.note)
		}
		if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
			t.Errorf("%s: error %v, want %q", tt.kind, err, tt.err)
		}
	}
	if _, known := source.Lookup(source.Declaration{Group: "platform.example.org", Kind: "XBucket"}.GroupKind()); known {
		t.Error("to check a Ruleset declares its kinds")
	}
}
