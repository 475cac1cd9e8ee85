//go:build e2e

package e2e

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// onlyAdmin leaves one role the right to do anything, and onlyEndpoint one way.
const (
	onlyAdmin = `{"Sid": "Admin", "Effect": "Deny", "Principal": "*", "Action": "s3:*", ` +
		`"Resource": ["arn:aws:s3:::BUCKET", "arn:aws:s3:::BUCKET/*"], ` +
		`"Condition": {"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/admin"}}}`
	onlyEndpoint = `{"Sid": "Endpoint", "Effect": "Deny", "Principal": "*", "Action": "s3:*", ` +
		`"Resource": ["arn:aws:s3:::BUCKET", "arn:aws:s3:::BUCKET/*"], ` +
		`"Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-0a1b2c3d"}}}`
)

// A policy must not shut out the role in which its controller acts, which a ProviderConfig or a Ruleset names. By which way that
// comes nobody knows, so that is a warning.
func TestControllerLockOut(t *testing.T) {
	baseline(t)
	p := newPerson(t)
	refused := func(obj *unstructured.Unstructured) bool {
		t.Helper()
		err := p.Create(t.Context(), obj.DeepCopy(), client.DryRunAll)
		if err != nil && !strings.Contains(err.Error(), "BW901") {
			t.Fatal(err)
		}
		return err != nil && strings.Contains(err.Error(), "role/controller")
	}
	upbound := set(bucketPolicy("locked", allows("locked", onlyAdmin)), "locked", "spec.providerConfigRef.name")
	ack := ackBucket("locked", allows("locked", onlyAdmin))
	endpoint := set(bucketPolicy("endpoint", allows("endpoint", onlyEndpoint)), "locked", "spec.providerConfigRef.name")
	for _, obj := range []*unstructured.Unstructured{upbound, ack} {
		if refused(obj) {
			t.Fatalf("%s: nobody has said who the controller is", obj.GetKind())
		}
	}
	p.create(kind("aws.upbound.io", "v1beta1", "ProviderConfig", "", "locked", m{
		"credentials":     m{"source": "IRSA"},
		"assumeRoleChain": []any{m{"roleARN": "arn:aws:iam::111122223333:role/controller"}},
	}))
	eventually(t, "the policy is refused for the ProviderConfig", func() bool { return refused(upbound) })
	if refused(endpoint) || len(about("BW904", p.warnings())) == 0 {
		t.Error("nobody is warned that the controller may not come through the endpoint")
	}
	if refused(ack) {
		t.Error("a ProviderConfig is none of ACK's")
	}
	selector := kind("services.k8s.aws", "v1alpha1", "IAMRoleSelector", "", "default", m{
		"arn": "arn:aws:iam::111122223333:role/controller", "namespaceSelector": m{"names": []any{"default"}},
	})
	p.create(selector)
	eventually(t, "the Bucket is refused for the selector", func() bool { return refused(ack) })
	if err := p.Delete(t.Context(), selector); err != nil {
		t.Fatal(err)
	}
	eventually(t, "nobody says who ACK is", func() bool { return !refused(ack) })
	p.create(kind("bucketwarden.dev", "v1alpha1", "Ruleset", "", "controllers", m{
		"match":       m{"kinds": []any{"Bucket.s3.services.k8s.aws"}},
		"controllers": []any{"arn:aws:iam::111122223333:role/controller"},
	}))
	eventually(t, "the Bucket is refused for the Ruleset", func() bool { return refused(ack) })
}

// S3 keeps one policy for each bucket: whoever adds another one is told of the first, and so is whoever changes that.
func TestTwoPolicies(t *testing.T) {
	baseline(t)
	p := newPerson(t)
	first := bucketPolicy("first", allows("shared", reads))
	second := bucketPolicy("second", allows("shared", denies))
	for _, obj := range []*unstructured.Unstructured{first, second} {
		set(obj, "shared", "spec.forProvider.bucket")
	}
	p.create(first)
	if told := about("BW609", p.warnings()); len(told) > 0 {
		t.Errorf("nothing is beside it: %q", told)
	}
	hears := func(obj *unstructured.Unstructured, of string) func() bool {
		return func() bool {
			p.warnings()
			if err := p.Create(t.Context(), obj.DeepCopy(), client.DryRunAll); err != nil {
				t.Fatal(err)
			}
			return strings.Contains(strings.Join(about("BW609", p.warnings()), "\n"), "BucketPolicy "+of+" has a policy for the same bucket")
		}
	}
	eventually(t, "the second policy is warned of the first", hears(second, "first"))
	p.create(second)
	third := set(bucketPolicy("aaa", allows("shared", reads)), "shared", "spec.forProvider.bucket")
	eventually(t, "a third is warned of the first", hears(third, "first"))
	eventually(t, "a change of the first is warned of the second", func() bool {
		p.warnings()
		changed := set(p.again(first), allows("shared", reads, denies), "spec.forProvider.policy")
		if err := p.Update(t.Context(), changed, client.DryRunAll); err != nil {
			t.Fatal(err)
		}
		return strings.Contains(strings.Join(about("BW609", p.warnings()), "\n"), "BucketPolicy second")
	})
}
