//go:build e2e

package e2e

import (
	"testing"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
)

// patches tells what a dry-run makes of a policy that sets ACLs.
func (p *person) patches(policy *unstructured.Unstructured) bool {
	p.t.Helper()
	shown := policy.DeepCopy()
	if err := p.Create(p.t.Context(), shown, client.DryRunAll); err != nil {
		p.t.Fatal(err)
	}
	return text(shown, "spec.forProvider.policy") != text(policy, "spec.forProvider.policy")
}

// The ownership of a bucket is declared in an object of its own, which is seen soon after it came, whatever its shape
// and however the policy names the bucket.
func TestSiblings(t *testing.T) {
	baseline(t)
	named := func(name string, field string, value any) *unstructured.Unstructured {
		policy := unset(bucketPolicy(name, allows(name, setsACL)), "spec.forProvider.bucket")
		return set(policy, value, "spec.forProvider."+field)
	}
	tests := []struct {
		name      string
		ownership *unstructured.Unstructured
		buckets   []*unstructured.Unstructured
		policy    *unstructured.Unstructured
	}{
		{"v1beta2", ownership("sibling-v1beta2", "BucketOwnerEnforced"), nil,
			bucketPolicy("sibling-v1beta2", allows("sibling-v1beta2", setsACL))},
		{"v1beta1, a list", func() *unstructured.Unstructured {
			obj := ownership("sibling-v1beta1", "")
			obj.SetAPIVersion("s3.aws.upbound.io/v1beta1")
			return set(obj, []any{m{"objectOwnership": "BucketOwnerEnforced"}}, "spec.forProvider.rule")
		}(), nil, bucketPolicy("sibling-v1beta1", allows("sibling-v1beta1", setsACL))},
		{"initProvider", func() *unstructured.Unstructured {
			obj := unset(ownership("sibling-init", ""), "spec.forProvider.rule")
			return set(obj, "BucketOwnerEnforced", "spec.initProvider.rule.objectOwnership")
		}(), nil, bucketPolicy("sibling-init", allows("sibling-init", setsACL))},
		{"reference", ownership("sibling-ref", "BucketOwnerEnforced"),
			[]*unstructured.Unstructured{bucket("sibling-ref", nil)}, named("sibling-ref", "bucketRef", m{"name": "sibling-ref"})},
		{"reference to another name", ownership("sibling-real", "BucketOwnerEnforced"),
			[]*unstructured.Unstructured{annotate(bucket("sibling-alias", nil), "crossplane.io/external-name", "sibling-real")},
			named("sibling-real", "bucketRef", m{"name": "sibling-alias"})},
		{"selector", ownership("sibling-selected", "BucketOwnerEnforced"),
			[]*unstructured.Unstructured{
				bucket("sibling-selected", map[string]string{"for": "logs"}), bucket("sibling-not", map[string]string{"for": "else"}),
			},
			named("sibling-selected", "bucketSelector", m{"matchLabels": m{"for": "logs"}})},
	}
	p := newPerson(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPerson(t)
			for _, b := range tt.buckets {
				p.create(b)
			}
			if p.patches(tt.policy) {
				t.Fatal("patched before anybody said that ACLs are off")
			}
			p.create(tt.ownership)
			eventually(t, "the policy is patched", func() bool { return p.patches(tt.policy) })
		})
	}
	t.Run("ObjectWriter", func(t *testing.T) {
		policy := bucketPolicy("sibling-writer", allows("sibling-writer", setsACL))
		now := newPerson(t)
		now.create(ownership("sibling-writer", "ObjectWriter"))
		eventually(t, "nobody warns of a grant that is needed", func() bool {
			now.warnings()
			return !now.patches(policy) && len(about("BW301", now.warnings())) == 0
		})
	})
	t.Run("deleted", func(t *testing.T) {
		policy := bucketPolicy("sibling-deleted", allows("sibling-deleted", setsACL))
		controls := ownership("sibling-deleted", "BucketOwnerEnforced")
		p.create(controls)
		eventually(t, "the policy is patched", func() bool { return p.patches(policy) })
		if err := p.Delete(t.Context(), controls); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the policy is left alone", func() bool { return !p.patches(policy) })
	})
}

// What came first is stored; the other one is told about it.
func TestPolicyBeforeOwnership(t *testing.T) {
	baseline(t)
	p := newPerson(t)
	policy := bucketPolicy("policy-first", allows("policy-first", setsACL))
	p.create(policy)
	p.create(ownership("policy-first", "BucketOwnerEnforced"))
	eventually(t, "a change of the policy is patched", func() bool {
		shown := set(p.again(policy), allows("policy-first", setsACL, denies), "spec.forProvider.policy")
		if err := p.Update(t.Context(), shown, client.DryRunAll); err != nil {
			t.Fatal(err)
		}
		return text(shown, "spec.forProvider.policy") == allows("policy-first", patched, denies)
	})
	same := annotate(p.again(policy), "example.org/touched", "yes")
	if err := p.Update(t.Context(), same); err != nil {
		t.Fatal(err)
	}
	if got, want := text(same, "spec.forProvider.policy"), allows("policy-first", setsACL); got != want {
		t.Errorf("an annotation rewrote the policy: %s", got)
	}
}

// An ACL is refused beside ownership that switches ACLs off, and ownership beside such an ACL.
func TestACLBesideOwnership(t *testing.T) {
	baseline(t)
	p := newPerson(t)
	acl := func(name string) *unstructured.Unstructured {
		return kind("s3.aws.upbound.io", "v1beta2", "BucketACL", "", name, m{
			"forProvider": m{"region": "eu-central-1", "bucket": name, "acl": "log-delivery-write"},
		})
	}
	p.create(ownership("acl-second", "BucketOwnerEnforced"))
	eventually(t, "the ACL is refused", func() bool {
		err := p.Create(t.Context(), acl("acl-second"), client.DryRunAll)
		if err != nil {
			expect(t, err, "BW304 acl-with-ownership-enforced")
		}
		return err != nil
	})
	p.create(acl("acl-first"))
	eventually(t, "the ownership is refused", func() bool {
		err := p.Create(t.Context(), ownership("acl-first", "BucketOwnerEnforced"), client.DryRunAll)
		if err != nil {
			expect(t, err, "BW304 acl-with-ownership-enforced")
		}
		return err != nil
	})
}

// A kind that is installed while the gate runs is watched from then on, and one that goes is forgotten.
func TestLateCRD(t *testing.T) {
	baseline(t)
	p := newPerson(t)
	policy := bucketPolicy("late", allows("late", setsACL))
	policy.SetAPIVersion("s3.aws.m.upbound.io/v1beta1")
	policy.SetNamespace("default")
	controls := ownership("late", "BucketOwnerEnforced")
	controls.SetAPIVersion("s3.aws.m.upbound.io/v1beta1")
	controls.SetNamespace("default")
	for range 2 {
		if err := cluster.InstallCRDs(suite.Config, []*apiextensions.CustomResourceDefinition{suite.late.DeepCopy()}); err != nil {
			t.Fatal(err)
		}
		if p.patches(policy) {
			t.Fatal("patched before anybody said that ACLs are off")
		}
		if err := p.Create(t.Context(), controls.DeepCopy()); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the policy is patched", func() bool { return p.patches(policy) })
		if err := p.Delete(t.Context(), suite.late.DeepCopy()); err != nil { // takes its objects with it
			t.Fatal(err)
		}
		eventually(t, "the policy is left alone", func() bool { return !p.patches(policy) })
		eventually(t, "the CRD is gone", func() bool {
			return apierrors.IsNotFound(p.Get(t.Context(), client.ObjectKeyFromObject(suite.late), &apiextensions.CustomResourceDefinition{}))
		})
	}
}

// Deleting is never refused; what it takes away is told.
func TestDeletionWarns(t *testing.T) {
	baseline(t)
	block := kind("s3.aws.upbound.io", "v1beta1", "BucketPublicAccessBlock", "", "weaken", m{
		"forProvider": m{"region": "eu-central-1", "bucket": "weaken", "blockPublicPolicy": true},
	})
	tests := []struct {
		object *unstructured.Unstructured
		want   string
	}{
		{ownership("weaken", "BucketOwnerEnforced"),
			"bucketwarden: deleting this removes the Object Ownership setting; ACLs may take effect again"},
		{block, "bucketwarden: deleting this turns off Block Public Access"},
		{bucketPolicy("weaken", allows("weaken", denies)),
			"bucketwarden: deleting this removes the policy's Deny statements from the bucket"},
		{bucketPolicy("weaken-not", allows("weaken-not", reads)), ""},
		{set(bucketPolicy("weaken-orphan", allows("weaken-orphan", denies)), "Orphan", "spec.deletionPolicy"), ""},
	}
	p := newPerson(t)
	for _, tt := range tests {
		p.create(tt.object)
		p.warnings()
		if err := p.Delete(t.Context(), tt.object); err != nil {
			t.Fatal(err)
		}
		var got string
		if warnings := p.warnings(); len(warnings) > 0 {
			got = warnings[0]
		}
		if got != tt.want {
			t.Errorf("%s %s: warned %q, want %q", tt.object.GetKind(), tt.object.GetName(), got, tt.want)
		}
	}
}
