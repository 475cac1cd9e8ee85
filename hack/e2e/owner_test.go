//go:build e2e

package e2e

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook"
)

// Whose a bucket is the namespace of an ACK Bucket says, and the last role that a ProviderConfig assumes. A policy may
// then let that account in as a whole.
func TestOwner(t *testing.T) {
	start(t, settings{policy.Restricted, webhook.Forbidden})
	const whole = `{"Sid": "Home", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, ` +
		`"Action": "s3:GetObject", "Resource": "arn:aws:s3:::BUCKET/*"}`
	p := newPerson(t)
	namespace := kind("", "v1", "Namespace", "", "owned", m{})
	p.create(namespace)
	ack := ackBucket("owned", allows("owned", whole, denies))
	ack.SetNamespace("owned")
	upbound := set(bucketPolicy("owned", allows("owned", whole, denies)), "owned", "spec.providerConfigRef.name")
	outsider := func(obj *unstructured.Unstructured) bool {
		err := p.Create(t.Context(), obj.DeepCopy(), client.DryRunAll)
		return err != nil && strings.Contains(err.Error(), "BW406") || len(about("BW406", p.warnings())) > 0
	}
	for _, obj := range []*unstructured.Unstructured{ack, upbound} {
		if !outsider(obj) {
			t.Fatalf("%s: nobody has said whose it is", obj.GetKind())
		}
	}
	if err := p.Update(t.Context(), annotate(namespace, "services.k8s.aws/owner-account-id", "111122223333")); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the namespace's account is at home", func() bool { return !outsider(ack) })
	config := kind("aws.upbound.io", "v1beta1", "ProviderConfig", "", "owned", m{
		"credentials":     m{"source": "IRSA"},
		"assumeRoleChain": []any{m{"roleARN": "arn:aws:iam::111122223333:role/crossplane"}},
	})
	p.create(config)
	eventually(t, "the role's account is at home", func() bool { return !outsider(upbound) })
	if err := p.Delete(t.Context(), config); err != nil {
		t.Fatal(err)
	}
	eventually(t, "nobody says whose it is", func() bool { return outsider(upbound) })
}
