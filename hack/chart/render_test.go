//go:build e2e

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// makeNamespace makes a namespace, once.
func makeNamespace(t *testing.T, name string, labels map[string]string) {
	t.Helper()
	err := suite.client.Create(t.Context(), &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: labels}})
	if err != nil && !apierrors.IsAlreadyExists(err) {
		t.Fatal(err)
	}
}

// A real API server takes all that is rendered, knows every field of it, and finds nothing to fill in where a GitOps tool
// would call it a drift.
func TestServerTakesAll(t *testing.T) {
	makeNamespace(t, namespace, nil)
	// A dry run makes none, and a pod asks for it.
	priority := &schedulingv1.PriorityClass{ObjectMeta: metav1.ObjectMeta{Name: release}, Value: 1000000}
	if err := suite.client.Create(t.Context(), priority); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := suite.client.Delete(context.WithoutCancel(t.Context()), priority); err != nil {
			t.Error(err)
		}
	}()
	for name, values := range ciValues(t) {
		text, err := helm(append([]string{"template", release, chart, "--namespace", namespace}, values...)...)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := suite.Kubectl(t.Context(), strings.NewReader(text), "apply", "--server-side", "--dry-run=server",
			"--validate=strict", "-o", "yaml", "-f", "-")
		if err != nil || answer.Code != 0 || answer.Stderr != "" {
			t.Errorf("%s: %v %s", name, err, answer.Stderr)
		}
		objects, err := decode(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, obj := range objects {
			if strings.HasSuffix(obj.GetKind(), "WebhookConfiguration") {
				notDefaulted(t, obj)
			}
		}
	}
}

// notDefaulted checks that the API server stores a webhook configuration as it was sent.
func notDefaulted(t *testing.T, obj *unstructured.Unstructured) {
	t.Helper()
	stored := obj.DeepCopy()
	if err := suite.client.Create(t.Context(), stored, client.DryRunAll); err != nil {
		t.Error(err)
		return
	}
	if diff := cmp.Diff(obj.Object["webhooks"], stored.Object["webhooks"]); diff != "" {
		t.Errorf("%s (-sent +stored):\n%s", key(obj), diff)
	}
}

// Every pod is one that the restricted Pod Security Standard admits.
func TestRestricted(t *testing.T) {
	const restricted = "restricted"
	makeNamespace(t, restricted, map[string]string{"pod-security.kubernetes.io/enforce": "restricted"})
	for name, values := range ciValues(t) {
		if name == "minimal" { // asks for the host's network
			continue
		}
		objects, err := template(values...)
		if err != nil {
			t.Fatal(err)
		}
		specs := podSpecs(t, objects)
		if len(specs) != 3 {
			t.Errorf("%s: %d pods, want the server's, the hook's and the test's", name, len(specs))
		}
		for kind, spec := range specs {
			spec.PriorityClassName = "" // not made here
			pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "pod", Namespace: restricted}, Spec: spec}
			if err := suite.client.Create(t.Context(), pod, client.DryRunAll); err != nil {
				t.Errorf("%s: %s: %v", name, kind, err)
			}
		}
	}
}

// The server understands the arguments, and the trust, of every set of values.
func TestArguments(t *testing.T) {
	for name, values := range ciValues(t) {
		objects, err := template(values...)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		files := map[string]string{"tls.crt": "", "tls.key": ""}
		for _, obj := range objects {
			if text, found, _ := unstructured.NestedString(obj.Object, "data", "trust.yaml"); found {
				files["trust.yaml"] = text
			}
		}
		for file, text := range files {
			if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		args := []string{"--kubeconfig=missing"} // what is looked for when all else is in order
		for _, arg := range podSpecs(t, objects)["Deployment"].Containers[0].Args {
			args = append(args, strings.NewReplacer("=/trust", "="+dir, "=/certs", "="+dir).Replace(arg))
		}
		_, err = output(exec.Command(suite.server, args...))
		if want := "\nbucketwarden-webhook: --kubeconfig: stat missing: no such file or directory\n"; err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
}

// podSpecs returns the pods that objects lead to, by their kinds.
func podSpecs(t *testing.T, objects []*unstructured.Unstructured) map[string]corev1.PodSpec {
	t.Helper()
	out := map[string]corev1.PodSpec{}
	convert := func(obj *unstructured.Unstructured, into any) {
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(obj.Object, into); err != nil {
			t.Fatal(err)
		}
	}
	for _, obj := range objects {
		switch obj.GetKind() {
		case "Deployment":
			var deployment appsv1.Deployment
			convert(obj, &deployment)
			out[obj.GetKind()] = deployment.Spec.Template.Spec
		case "Job":
			var job batchv1.Job
			convert(obj, &job)
			out[obj.GetKind()] = job.Spec.Template.Spec
		case "Pod":
			var pod corev1.Pod
			convert(obj, &pod)
			out[obj.GetKind()] = pod.Spec
		}
	}
	return out
}

// kubectl apply -k installs what helm install does, but for hooks and for labels of Helm's own.
func TestKustomize(t *testing.T) {
	tests := map[string][]string{"": nil}
	for _, c := range components {
		tests[c.folder] = c.values
	}
	tests["certmanager,prometheus"] = slices.Concat(components[0].values, components[1].values)
	for names, values := range tests {
		want, err := plain(values...)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := suite.Kubectl(t.Context(), nil, "kustomize", kustomization(t, names))
		if err != nil || answer.Code != 0 {
			t.Fatal(err, answer.Stderr)
		}
		got, err := decode(answer.Stdout)
		if err != nil {
			t.Fatal(err)
		}
		got = slices.DeleteFunc(got, func(o *unstructured.Unstructured) bool { return o.GetKind() == "Namespace" })
		if diff := cmp.Diff(byKey(want), byKey(got)); diff != "" {
			t.Errorf("%q (-helm +kustomize):\n%s", names, diff)
		}
	}
}

// kustomization writes one that is config/default with components, and returns its directory.
func kustomization(t *testing.T, components string) string {
	t.Helper()
	config, err := filepath.Abs(root + "/config")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	rel, err := filepath.Rel(dir, config)
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("kind: Kustomization\napiVersion: kustomize.config.k8s.io/v1beta1\nresources: [%s/default]\n", rel)
	if components != "" {
		text += fmt.Sprintf("components: [%s/%s]\n", rel, strings.ReplaceAll(components, ",", ","+rel+"/"))
	}
	if err := os.WriteFile(filepath.Join(dir, "kustomization.yaml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func byKey(objects []*unstructured.Unstructured) map[string]any {
	out := map[string]any{}
	for _, obj := range objects {
		out[key(obj)] = obj.Object
	}
	return out
}
