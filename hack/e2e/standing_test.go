//go:build e2e

package e2e

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

const finalizer = "finalizer.managedresource.crossplane.io"

// standing is what is in the wrong already when the gate comes.
func standing() []*unstructured.Unstructured {
	inInit := bucketPolicy("standing-init", allows("standing-init", open))
	unset(set(inInit, text(inInit, "spec.forProvider.policy"), "spec.initProvider.policy"), "spec.forProvider.policy")
	onItsWay := bucketPolicy("standing-deleted", allows("standing-deleted", open))
	onItsWay.SetFinalizers([]string{finalizer})
	return []*unstructured.Unstructured{
		bucketPolicy("standing", allows("standing", open)), inInit, onItsWay,
		set(bucketPolicy("standing-observed", allows("standing-observed", open)), []any{"Observe"}, "spec.managementPolicies"),
		annotate(ackBucket("standing-read-only", allows("standing-read-only", open)), "services.k8s.aws/read-only", "true"),
		annotate(ackBucket("standing-adopting", ""), "services.k8s.aws/adoption-policy", "adopt"),
	}
}

func TestDeletion(t *testing.T) {
	baseline(t)
	p := newPerson(t)
	obj := p.again(bucketPolicy("standing-deleted", ""))
	if err := p.Delete(t.Context(), obj); err != nil {
		t.Fatal(err)
	}
	obj = p.again(obj)
	if obj.GetDeletionTimestamp() == nil {
		t.Fatal("the finalizer does not hold the object")
	}
	obj.SetFinalizers(nil)
	if err := p.Update(t.Context(), obj); err != nil {
		t.Fatal(err)
	}
	if err := p.Get(t.Context(), client.ObjectKeyFromObject(obj), obj); client.IgnoreNotFound(err) != nil || err == nil {
		t.Errorf("the object is still there: %v", err)
	}
}

// What was wrong before excuses what is still wrong, as long as it concerns the same bucket, was sent to AWS and grants no more.
func TestExcuses(t *testing.T) {
	baseline(t)
	const refused = `BW702 allow-not-principal: Statement[0] "Open"`
	policy := func(statements ...string) func(*unstructured.Unstructured) {
		return func(o *unstructured.Unstructured) {
			set(o, allows("standing", statements...), "spec.forProvider.policy")
		}
	}
	tests := []struct {
		name   string
		object *unstructured.Unstructured
		change func(*unstructured.Unstructured)
		want   string // how the refusal begins, "" when it is admitted
	}{
		{"a good statement before it", bucketPolicy("standing", ""), policy(reads, open), ""},
		{"the same twice", bucketPolicy("standing", ""), policy(open, strings.ReplaceAll(open, "Open", "Open2")), ""},
		{"as AWS may give it back", bucketPolicy("standing-init", ""), func(o *unstructured.Unstructured) {
			late := strings.Replace(text(o, "spec.initProvider.policy"), `"Sid": "Open", "Effect": "Allow"`, `"Effect":"Allow","Sid":"Open"`, 1)
			set(o, late, "spec.forProvider.policy")
		}, ""},
		{"no policy any more", ackBucket("ratchet-ack-bad", ""), func(o *unstructured.Unstructured) {
			unset(o, policyField)
		}, ""},
		{"another bucket", bucketPolicy("standing", ""), func(o *unstructured.Unstructured) {
			set(o, "standing-elsewhere", "spec.forProvider.bucket")
		}, refused},
		{"observed, then sent", bucketPolicy("standing-observed", ""), func(o *unstructured.Unstructured) {
			set(o, []any{"*"}, "spec.managementPolicies")
		}, refused},
		{"read-only, then sent", ackBucket("standing-read-only", ""), func(o *unstructured.Unstructured) {
			o.SetAnnotations(nil)
		}, refused},
		{"not adopted after all", ackBucket("standing-adopting", ""), func(o *unstructured.Unstructured) {
			set(o, allows("standing-adopting", open), policyField).SetAnnotations(nil)
		}, refused},
	}
	p := newPerson(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			obj := p.again(tt.object)
			tt.change(obj)
			expect(t, p.Update(t.Context(), obj, client.DryRunAll), tt.want)
		})
	}
}

// expect compares how a refusal begins.
func expect(t *testing.T, err error, want string) {
	t.Helper()
	switch {
	case err == nil && want == "":
	case err == nil:
		t.Errorf("admitted; want %s", want)
	case want == "" || !strings.HasPrefix(strings.TrimPrefix(status(t, err).Message, denied), want):
		t.Errorf("refused: %v; want %q", err, want)
	}
}
