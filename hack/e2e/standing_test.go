//go:build e2e

package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
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
	readOnly := annotate(ackBucket("standing-read-only", allows("standing-read-only", open)), "services.k8s.aws/read-only", "true")
	return []*unstructured.Unstructured{
		classicBucket("standing-classic"),
		bucketPolicy("standing-upbound", allows("standing-upbound", open)),
		inInit, onItsWay, readOnly,
		ackBucket("standing-ack", allows("standing-ack", open)),
		bucketPolicy("standing-ratchet", allows("standing-ratchet", open)),
		bucketPolicy("standing-unreadable", `{"Version": "2012-10-17", "Statement": [`),
		set(bucketPolicy("standing-observed", allows("standing-observed", open)), []any{"Observe"}, "spec.managementPolicies"),
		ownership("standing-acl", "BucketOwnerEnforced"),
		bucketPolicy("standing-acl", allows("standing-acl", setsACL)),
	}
}

// What controllers write to an object that is in the wrong is admitted, as it was sent.
func TestControllersWrites(t *testing.T) {
	baseline(t)
	p := newPerson(t)
	writes := []struct {
		name   string
		change func(*unstructured.Unstructured)
	}{
		{"external-name", func(o *unstructured.Unstructured) { annotate(o, "crossplane.io/external-name", o.GetName()) }},
		{"finalizer", func(o *unstructured.Unstructured) { o.SetFinalizers([]string{finalizer}) }},
		{"external-create-pending", func(o *unstructured.Unstructured) {
			annotate(o, "crossplane.io/external-create-pending", "2024-05-01T12:00:00Z")
		}},
		{"external-create-succeeded", func(o *unstructured.Unstructured) {
			annotate(o, "crossplane.io/external-create-succeeded", "2024-05-01T12:00:01Z")
		}},
		{"late-init", func(o *unstructured.Unstructured) {
			if policy := text(o, "spec.initProvider.policy"); policy != "" {
				set(o, reordered(policy), "spec.forProvider.policy")
			}
		}},
		{"label", func(o *unstructured.Unstructured) { o.SetLabels(map[string]string{"team": "a"}) }},
		{"finalizer gone", func(o *unstructured.Unstructured) { o.SetFinalizers(nil) }},
	}
	for _, obj := range standing() {
		if !slices.Contains([]string{"standing-classic", "standing-upbound", "standing-init", "standing-ack", "standing-acl"}, obj.GetName()) {
			continue
		}
		for _, write := range writes {
			t.Run(obj.GetKind()+" "+obj.GetName()+" "+write.name, func(t *testing.T) {
				now := p.again(obj)
				write.change(now)
				sent := now.DeepCopy()
				if err := p.Update(t.Context(), now); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(sent.Object["spec"], now.Object["spec"]); diff != "" {
					t.Errorf("-sent +stored:\n%s", diff)
				}
			})
		}
		t.Run(obj.GetKind()+" "+obj.GetName()+" status", func(t *testing.T) {
			now := p.again(obj)
			p.warnings()
			set(now, []any{m{"type": "Synced", "status": "True"}}, "status.conditions")
			if err := p.Status().Update(t.Context(), now); err != nil {
				t.Fatal(err)
			}
			if warnings := p.warnings(); len(warnings) > 0 {
				t.Errorf("status is judged: %q", warnings)
			}
		})
	}
}

// reordered is the document as AWS may give it back.
func reordered(policy string) string {
	return strings.Replace(policy, `"Sid": "Open", "Effect": "Allow"`, `"Effect":"Allow","Sid":"Open"`, 1)
}

// ACK patches metadata and spec with a JSON merge patch.
func TestMergePatch(t *testing.T) {
	baseline(t)
	p := newPerson(t)
	obj := p.again(ackBucket("standing-ack", ""))
	before := text(obj, "spec.policy")
	patch := client.RawPatch("application/merge-patch+json", []byte(
		`{"metadata": {"finalizers": ["finalizers.s3.services.k8s.aws/Bucket"]}, "spec": {"publicAccessBlock": {"blockPublicPolicy": true}}}`))
	if err := p.Patch(t.Context(), obj, patch); err != nil {
		t.Fatal(err)
	}
	if after := text(p.again(obj), "spec.policy"); after != before {
		t.Errorf("the policy became %s", after)
	}
	free := client.RawPatch("application/merge-patch+json", []byte(`{"metadata": {"finalizers": []}}`))
	if err := p.Patch(t.Context(), obj, free); err != nil {
		t.Error(err)
	}
}

// ACK fills an object that adopts a bucket with the live policy, in one patch with the note that it has.
func TestAdoption(t *testing.T) {
	baseline(t)
	p := newPerson(t)
	adopting := func(name string) *unstructured.Unstructured {
		obj := annotate(unset(ackBucket(name, ""), policyField), "services.k8s.aws/adoption-policy", "adopt")
		p.create(obj)
		return obj
	}
	obj := adopting("adopted")
	live := allows("adopted", open, setsACL)
	filled := annotate(set(p.again(obj), live, policyField), "services.k8s.aws/adopted", "true")
	if err := p.Patch(t.Context(), filled, client.MergeFrom(obj)); err != nil {
		t.Fatal(err)
	}
	if got := text(p.again(obj), policyField); got != live {
		t.Errorf("stored %s", got)
	}
	if warnings := about("BW702", p.warnings()); len(warnings) == 0 {
		t.Error("nobody is warned")
	}
	dropped := set(p.again(adopting("adoption-dropped")), allows("adoption-dropped", open), policyField)
	dropped.SetAnnotations(nil)
	expect(t, p.Update(t.Context(), dropped), "BW702")
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

// An update of an object that is in the wrong may leave it there, and make nothing worse.
func TestRatchet(t *testing.T) {
	baseline(t)
	tests := []struct {
		name, object string
		change       func(*unstructured.Unstructured)
		want         string // how the refusal begins, "" when it is admitted
	}{
		{"another field", "standing-ratchet", func(o *unstructured.Unstructured) {
			set(o, "eu-west-1", "spec.forProvider.region")
		}, ""},
		{"another good statement", "standing-ratchet", func(o *unstructured.Unstructured) {
			set(o, allows("standing-ratchet", reads, open), "spec.forProvider.policy")
		}, ""},
		{"a second bad statement", "standing-ratchet", func(o *unstructured.Unstructured) {
			second := strings.NewReplacer("Open", "Open2", "s3:GetObject", "s3:PutObject").Replace(open)
			set(o, allows("standing-ratchet", open, second), "spec.forProvider.policy")
		}, `BW702 allow-not-principal: Statement[1] "Open2"`},
		{"the same twice", "standing-ratchet", func(o *unstructured.Unstructured) {
			set(o, allows("standing-ratchet", open, strings.ReplaceAll(open, "Open", "Open2")), "spec.forProvider.policy")
		}, ""},
		{"the same words, more access", "standing-ratchet", func(o *unstructured.Unstructured) {
			set(o, allows("standing-ratchet", strings.ReplaceAll(open, "s3:GetObject", "s3:*")), "spec.forProvider.policy")
		}, `BW702 allow-not-principal: Statement[0] "Open"`},
		{"another bucket", "standing-ratchet", func(o *unstructured.Unstructured) {
			set(o, "standing-elsewhere", "spec.forProvider.bucket")
		}, `BW702 allow-not-principal: Statement[0] "Open"`},
		{"less access", "standing-ratchet", func(o *unstructured.Unstructured) {
			set(o, allows("standing-ratchet", strings.ReplaceAll(open, `"s3:GetObject"`, `["s3:GetObject"]`), denies), "spec.forProvider.policy")
		}, ""},
		{"unreadable in another way", "standing-unreadable", func(o *unstructured.Unstructured) {
			set(o, `{"Version": "2012-10-17", "Statement": [ `, "spec.forProvider.policy")
		}, "BW101 unreadable-document"},
		{"unreadable beside", "standing-unreadable", func(o *unstructured.Unstructured) {
			set(o, "eu-west-1", "spec.forProvider.region")
		}, ""},
		{"repaired", "standing-unreadable", func(o *unstructured.Unstructured) {
			set(o, allows("standing-unreadable", reads), "spec.forProvider.policy")
		}, ""},
		{"observed, then sent", "standing-observed", func(o *unstructured.Unstructured) {
			set(o, []any{"*"}, "spec.managementPolicies")
		}, `BW702 allow-not-principal: Statement[0] "Open"`},
	}
	p := newPerson(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			obj := p.again(bucketPolicy(tt.object, ""))
			tt.change(obj)
			expect(t, p.Update(t.Context(), obj, client.DryRunAll), tt.want)
		})
	}
	t.Run("read-only, then sent", func(t *testing.T) {
		obj := p.again(ackBucket("standing-read-only", ""))
		obj.SetAnnotations(nil)
		expect(t, p.Update(t.Context(), obj, client.DryRunAll), `BW702 allow-not-principal: Statement[0] "Open"`)
	})
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
