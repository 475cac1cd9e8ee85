//go:build e2e

package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
)

const policyField = "spec.policy" // of an ACK Bucket

// apply applies on the server, as a manager.
func (p *person) apply(obj *unstructured.Unstructured, manager string, options ...client.ApplyOption) (*unstructured.Unstructured, error) {
	p.t.Helper()
	out := obj.DeepCopy()
	err := p.Apply(p.t.Context(), client.ApplyConfigurationFromUnstructured(out), append(options, client.FieldOwner(manager))...)
	return out, err
}

func TestServerSideApply(t *testing.T) {
	baseline(t)
	p := newPerson(t)
	obj := ackBucket("apply", allows("apply", setsACL))
	first, err := p.apply(obj, "flux")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.remove(first) })
	if got, want := text(first, policyField), allows("apply", patched); got != want {
		t.Fatalf("stored %s\nwant   %s", got, want)
	}
	if warnings := about("BW301", p.warnings()); len(warnings) != 1 {
		t.Errorf("warnings %q; want one", warnings)
	}

	second, err := p.apply(obj, "flux")
	if err != nil {
		t.Fatal(err)
	}
	if first.GetResourceVersion() != second.GetResourceVersion() {
		t.Errorf("the second apply writes:\n%s", cmp.Diff(first.Object, second.Object))
	}

	_, err = p.apply(obj, "argo")
	if !apierrors.IsConflict(err) {
		t.Errorf("another manager that applies what was sent: %v; want a conflict", err)
	}
	same := set(obj.DeepCopy(), text(first, policyField), policyField)
	if _, err := p.apply(same, "argo"); err != nil {
		t.Errorf("another manager that applies what is stored: %v", err)
	}
	forced, err := p.apply(obj, "argo", client.ForceOwnership)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := text(forced, policyField), text(first, policyField); got != want {
		t.Errorf("stored %s\nwant   %s", got, want)
	}
}

func TestDryRun(t *testing.T) {
	baseline(t)
	p := newPerson(t)
	obj := ackBucket("dry-run", allows("dry-run", setsACL))
	if err := p.Create(t.Context(), obj, client.DryRunAll); err != nil {
		t.Fatal(err)
	}
	if got, want := text(obj, policyField), allows("dry-run", patched); got != want {
		t.Errorf("shown %s\nwant  %s", got, want)
	}
	if err := p.Get(t.Context(), client.ObjectKeyFromObject(obj), obj); !apierrors.IsNotFound(err) {
		t.Errorf("the dry-run stored the object: %v", err)
	}
	bad := ackBucket("dry-run", allows("dry-run", open))
	expect(t, p.Create(t.Context(), bad, client.DryRunAll), "BW702")
}

func TestKubectl(t *testing.T) {
	baseline(t)
	file := filepath.Join(t.TempDir(), "bucket.json")
	write := func(statement string) {
		text, err := json.Marshal(ackBucket("kubectl", allows("kubectl", statement)).Object)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	kubectl := func(args ...string) cluster.Answer {
		answer, err := suite.Kubectl(t.Context(), nil, append(args, "-f", file)...)
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
	t.Cleanup(func() { newPerson(t).remove(ackBucket("kubectl", "")) })

	write(setsACL)
	shown := kubectl("apply", "--dry-run=server", "-o", "jsonpath={.spec.policy}")
	if want := allows("kubectl", patched); shown.Code != 0 || shown.Stdout != want {
		t.Errorf("dry-run shows %+v\nwant %s", shown, want)
	}
	created := kubectl("apply", "--server-side")
	if created.Code != 0 || !strings.Contains(created.Stderr, "Warning: patched: BW301 ") {
		t.Errorf("apply: %+v", created)
	}
	// What is stored is what an apply would store: nothing to see, and exit code 0.
	if same := kubectl("diff", "--server-side"); same.Code != 0 || same.Stdout != "" {
		t.Errorf("diff of what was applied: %+v", same)
	}
	write(reads)
	if other := kubectl("diff", "--server-side"); other.Code != 1 || !strings.Contains(other.Stdout, `s3:GetObject`) {
		t.Errorf("diff of another policy: %+v", other)
	}
	write(open)
	refused := kubectl("apply", "--server-side")
	if want := "Error from server (Forbidden): " + denied + `BW702 allow-not-principal: Statement[0] "Open"`; refused.Code != 1 ||
		!strings.Contains(refused.Stderr, want) {
		t.Errorf("apply: %+v\nwant %s", refused, want)
	}
}

func TestGenerateName(t *testing.T) {
	baseline(t)
	p := newPerson(t)
	generated := func(policy string) *unstructured.Unstructured {
		obj := bucketPolicy("", policy)
		obj.SetGenerateName("generated-")
		return set(obj, "generated", "spec.forProvider.bucket")
	}
	good := generated(allows("generated", reads))
	p.create(good)
	if !strings.HasPrefix(good.GetName(), "generated-") {
		t.Errorf("name %q", good.GetName())
	}
	expect(t, p.Create(t.Context(), generated(allows("generated", open))), "BW702")

	composed := generated(allows("generated", open))
	composed.SetLabels(map[string]string{"crossplane.io/composite": "downloads-x9d4"})
	expect(t, p.Create(t.Context(), composed), "BW702 in spec.forProvider.policy of BucketPolicy")
}
