//go:build e2e

package e2e

import (
	"encoding/json"
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// drift runs the command on one namespace.
func drift(t *testing.T, namespace string) (out string, code int) {
	t.Helper()
	bin, err := binaries()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), filepath.Join(bin, "bucketwarden"), "drift", "--kubeconfig", suite.Kubeconfig, "-n", namespace)
	var complaint strings.Builder
	cmd.Stderr = &complaint
	text, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || complaint.Len() > 0 {
		t.Fatalf("%v\n%s", err, complaint.String())
	}
	return string(text), cmd.ProcessState.ExitCode()
}

// kubectlApply applies an object as people do, which leaves a note of it on the object.
func kubectlApply(t *testing.T, obj *unstructured.Unstructured) {
	t.Helper()
	text, err := json.Marshal(obj.Object)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := suite.Kubectl(t.Context(), strings.NewReader(string(text)), "apply", "-f", "-")
	if err != nil || answer.Code != 0 {
		t.Fatalf("%v %+v", err, answer)
	}
}

// What stood before the gate came is listed until it is mended, and so is what was patched on its way in and is still
// declared without the patch. Facts come from objects of their own, as in admission.
func TestDrift(t *testing.T) {
	if err := stopGate(); err != nil {
		t.Fatal(err)
	}
	p := newPerson(t)
	if err := p.Create(t.Context(), &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "drift"}}); err != nil {
		t.Fatal(err)
	}
	inDrift := func(obj *unstructured.Unstructured) *unstructured.Unstructured {
		obj.SetNamespace("drift")
		return obj
	}
	before := inDrift(ackBucket("before", allows("before", setsACL)))
	before.SetLabels(map[string]string{"argocd.argoproj.io/instance": "storage"})
	p.create(before)
	beside := inDrift(bucketPolicy("beside", allows("beside", setsACL)))
	beside.SetAPIVersion("s3.aws.m.upbound.io/v1beta1")
	p.create(beside)
	p.create(ownership("beside", "BucketOwnerEnforced"))

	baseline(t)
	declared := inDrift(ackBucket("declared", allows("declared", setsACL)))
	kubectlApply(t, declared)
	t.Cleanup(func() { p.remove(declared) })
	p.create(inDrift(ackBucket("created", allows("created", setsACL)))) // patched, and nobody says otherwise

	out, code := drift(t, "drift")
	want := `OBJECT                     SEEN IN       RULES  MANAGED BY
Bucket drift/before        live          BW301  Argo CD application storage
BucketPolicy drift/beside  live          BW301  -
Bucket drift/declared      last applied  BW301  -

4 objects: 2 to patch as they are, 1 as they were last applied
`
	if diff := cmp.Diff(want, out); diff != "" || code != 1 {
		t.Errorf("exit code %d\n%s", code, diff)
	}

	// The object stays as it is when it is touched, and is patched when somebody changes its policy.
	if err := p.Update(t.Context(), annotate(p.again(before), "example.org/touched", "yes")); err != nil {
		t.Fatal(err)
	}
	if got, want := text(p.again(before), policyField), allows("before", setsACL); got != want {
		t.Errorf("an annotation rewrote the policy: %s", got)
	}
	if err := p.Update(t.Context(), set(p.again(before), allows("before", setsACL, reads), policyField)); err != nil {
		t.Fatal(err)
	}
	kubectlApply(t, set(declared.DeepCopy(), allows("declared", patched), policyField))
	p.remove(beside)
	want = "3 objects: 0 to patch as they are, 0 as they were last applied\n"
	if out, code = drift(t, "drift"); out != want || code != 0 {
		t.Errorf("exit code %d\n%swant %s", code, out, want)
	}
}
