//go:build e2e

package main

import (
	"context"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	admissionregistration "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/util/cert"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
)

// install is a release in a namespace of its own.
type install struct {
	t         *testing.T
	namespace string
	*node
}

// helm runs Helm against the cluster.
func (i install) helm(args ...string) (string, error) {
	i.t.Helper()
	path, err := helmPath()
	if err != nil {
		i.t.Fatal(err)
	}
	home := i.t.TempDir()
	ctx, cancel := context.WithTimeout(i.t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, append(args, "--namespace", i.namespace, "--kubeconfig", suite.Kubeconfig)...)
	cmd.Env = []string{"HOME=" + home, "HELM_CACHE_HOME=" + home, "HELM_CONFIG_HOME=" + home, "HELM_DATA_HOME=" + home}
	return output(cmd)
}

func (i install) must(args ...string) string {
	i.t.Helper()
	out, err := i.helm(args...)
	if err != nil {
		i.t.Fatal(err)
	}
	return out
}

// ports are free ones of this machine, as values of the chart: a Service has the port of the pod that it stands for.
func ports(t *testing.T) string {
	t.Helper()
	free, err := cluster.FreePorts(3)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("ports.webhook=%d,service.port=%[1]d,ports.health=%d,ports.metrics=%d", free[0], free[1], free[2])
}

// From nothing to nothing: install, test, upgrade, repair, uninstall, with a server that has the rights of its roles.
func TestLifecycle(t *testing.T) {
	makeNamespace(t, "gate", map[string]string{"pod-security.kubernetes.io/enforce": "restricted"})
	makeAccounts(t, "gate", "prometheus", "passer-by")
	before := everything(t)
	i := install{t, "gate", startNode(t, "gate")}
	values := []string{
		"--set", "metrics.serviceMonitor.enabled=true,metrics.readers[0].name=prometheus,metrics.readers[0].namespace=gate",
		"--set", "shutdownDelaySeconds=0,certificates.duration=12s", // so that nobody waits for long
	}
	i.must(slices.Concat([]string{"install", release, chart, "--wait", "--set", ports(t), "--set", "crds.keep=false"}, values)...)
	refuses(t)
	judges(t, false)
	obeys(t)
	reported(t)
	notJudged(t, i.namespace, "kube-system")
	scraped(t, i.namespace)

	i.must("test", release)
	policies := 0
	for _, g := range groups() {
		policies += len(g.Policies)
	}
	if got, want := i.logs["bucketwarden-selftest"], fmt.Sprintf("all %d public policies were refused\n", policies); !strings.HasSuffix(got, want) {
		t.Errorf("the self test says %q, want %q", got, want)
	}

	i.must("upgrade", release, chart, "--wait", "--reuse-values", "--set", ports(t), "--set", "level=restricted,denialReason=invalid,identityPolicies=true")
	if got := i.replaced.Load(); got != 1 {
		t.Errorf("the upgrade replaced %d pods, want 1", got)
	}
	judges(t, true)
	judgesRoles(t)
	kubectl(t, "delete", "validatingwebhookconfiguration/bucketwarden", "mutatingwebhookconfiguration/bucketwarden")
	letsIn(t)
	kubectl(t, "delete", "secret/bucketwarden-ca", "--namespace", i.namespace)
	i.must("upgrade", release, chart, "--wait", "--reuse-values")
	refuses(t)
	i.must("rollback", release, "1", "--wait")
	refuses(t)
	kubectl(t, "patch", "validatingwebhookconfiguration/bucketwarden", "--patch",
		`{"webhooks": [{"name": "review.bucketwarden.dev", "failurePolicy": "Ignore"}]}`)
	i.must("upgrade", release, chart, "--wait", "--reuse-values", "--force-conflicts") // with kubectl's patch
	if got := failurePolicy(t); got != admissionregistration.Fail {
		t.Errorf("after the glass was broken and an upgrade, the failure policy is %s", got)
	}

	i.must("uninstall", release, "--wait")
	letsIn(t)
	if diff := cmp.Diff(before, everything(t)); diff != "" {
		t.Errorf("uninstalling leaves (-before +after):\n%s", diff)
	}
	if got := i.logs["bucketwarden-unregister"]; got != "the webhook configurations bucketwarden are gone: nothing is reviewed any more\n" {
		t.Errorf("the hook says %q", got)
	}
	leastRights(t, i.namespace, values...)
}

// Whoever brings a certificate along gives the server no more than the right to read.
func TestOwnCertificate(t *testing.T) {
	for _, mode := range []string{"secret", "certManager"} {
		t.Run(mode, func(t *testing.T) {
			namespace := strings.ToLower(mode)
			makeNamespace(t, namespace, nil)
			host := release + "." + namespace + ".svc"
			certificate, key, err := cert.GenerateSelfSignedCertKey(host, nil, []string{release + "-probe." + namespace + ".svc"})
			if err != nil {
				t.Fatal(err)
			}
			if err := suite.client.Create(t.Context(), &corev1.Secret{
				ObjectMeta: metav1.ObjectMeta{Name: "bucketwarden-tls", Namespace: namespace},
				Data:       map[string][]byte{"tls.crt": certificate, "tls.key": key},
			}); err != nil {
				t.Fatal(err)
			}
			values := []string{"--set", "certificates.mode=" + mode, "--set", "metrics.secure=false,shutdownDelaySeconds=0,providers.classic=false"}
			if mode == "secret" {
				values = append(values, "--set", "certificates.secret.name=bucketwarden-tls", "--set-literal",
					"certificates.secret.caBundle="+string(certificate))
			}
			i := install{t, namespace, startNode(t, namespace)}
			i.must(slices.Concat([]string{"install", release, chart, "--set", ports(t), "--set", "crds.keep=false"}, values)...)
			if mode == "certManager" {
				inject(t, certificate)
			}
			refuses(t)
			obeys(t)
			reported(t)
			i.must("test", release)
			i.must("uninstall", release, "--wait")
			letsIn(t)
			leastRights(t, namespace, values...)
		})
	}
}

// inject does what cert-manager does, whose annotation asks for it.
func inject(t *testing.T, certificate []byte) {
	t.Helper()
	for _, o := range []client.Object{
		&admissionregistration.MutatingWebhookConfiguration{}, &admissionregistration.ValidatingWebhookConfiguration{},
	} {
		if err := suite.client.Get(t.Context(), client.ObjectKey{Name: release}, o); err != nil {
			t.Fatal(err)
		}
		if got := o.GetAnnotations()["cert-manager.io/inject-ca-from"]; got != "certmanager/bucketwarden-tls" {
			t.Errorf("%T: cert-manager is to inject the CA from %q", o, got)
		}
		switch o := o.(type) {
		case *admissionregistration.MutatingWebhookConfiguration:
			for i := range o.Webhooks {
				o.Webhooks[i].ClientConfig.CABundle = certificate
			}
		case *admissionregistration.ValidatingWebhookConfiguration:
			for i := range o.Webhooks {
				o.Webhooks[i].ClientConfig.CABundle = certificate
			}
		}
		if err := suite.client.Update(t.Context(), o); err != nil {
			t.Fatal(err)
		}
	}
}

func failurePolicy(t *testing.T) admissionregistration.FailurePolicyType {
	t.Helper()
	var c admissionregistration.ValidatingWebhookConfiguration
	if err := suite.client.Get(t.Context(), client.ObjectKey{Name: release}, &c); err != nil {
		t.Fatal(err)
	}
	return *c.Webhooks[0].FailurePolicy
}

func kubectl(t *testing.T, args ...string) {
	t.Helper()
	if answer, err := suite.Kubectl(t.Context(), nil, args...); err != nil || answer.Code != 0 {
		t.Fatal(err, answer.Stderr)
	}
}

// public is an object that is refused wherever it is judged.
func public(namespace string) *unstructured.Unstructured {
	obj := &unstructured.Unstructured{Object: map[string]any{"spec": map[string]any{
		"name": "public", "policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*",` +
			`"Action":"s3:GetObject","Resource":"arn:aws:s3:::public/*"}]}`,
	}}}
	obj.SetAPIVersion("s3.services.k8s.aws/v1alpha1")
	obj.SetKind("Bucket")
	obj.SetName("public")
	obj.SetNamespace(namespace)
	return obj
}

// refuses waits until the API server, which hears of a configuration a moment later, refuses what is public.
func refuses(t *testing.T) {
	t.Helper()
	eventually(t, "a refusal", func() error {
		err := suite.client.Create(t.Context(), public("default"), client.DryRunAll)
		if err == nil || !strings.Contains(err.Error(), "BW201") {
			return fmt.Errorf("the answer is: %w", err)
		}
		return nil
	})
}

// obeys shows that a Ruleset holds while it is there: a wildcard is warned of by default.
func obeys(t *testing.T) {
	t.Helper()
	wildcard := public("default")
	spec := wildcard.Object["spec"].(map[string]any)
	spec["policy"] = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},` +
		`"Action":"s3:*","Resource":["arn:aws:s3:::public","arn:aws:s3:::public/*"]}]}`
	answer := func(want string) {
		eventually(t, "the answer of another configuration", func() error {
			err := suite.client.Create(t.Context(), wildcard.DeepCopy(), client.DryRunAll)
			if got := fmt.Sprint(err); !strings.Contains(got, want) {
				return fmt.Errorf("the answer is: %s, not %s", got, want)
			}
			return nil
		})
	}
	answer("<nil>")
	floor := &unstructured.Unstructured{Object: map[string]any{"spec": map[string]any{"level": "restricted"}}}
	floor.SetAPIVersion("bucketwarden.dev/v1alpha1")
	floor.SetKind("Ruleset")
	floor.SetName("floor")
	if err := suite.client.Create(t.Context(), floor); err != nil {
		t.Fatal(err)
	}
	answer("BW701")
	if err := suite.client.Delete(t.Context(), floor); err != nil {
		t.Fatal(err)
	}
	answer("<nil>")
}

func letsIn(t *testing.T) {
	t.Helper()
	eventually(t, "that nobody judges", func() error {
		return suite.client.Create(t.Context(), public("default"), client.DryRunAll)
	})
}

func notJudged(t *testing.T, namespaces ...string) {
	t.Helper()
	for _, namespace := range namespaces {
		if err := suite.client.Create(t.Context(), public(namespace), client.DryRunAll); err != nil {
			t.Errorf("in %s: %v", namespace, err)
		}
	}
}

func eventually(t *testing.T, what string, check func() error) {
	t.Helper()
	var last error
	err := wait.PollUntilContextTimeout(t.Context(), 20*time.Millisecond, time.Minute, true, func(context.Context) (bool, error) {
		last = check()
		return last == nil, nil
	})
	if err != nil {
		t.Fatalf("waiting for %s: %v", what, last)
	}
}

// everything lists what there is in the cluster, but for what comes and goes by itself.
func everything(t *testing.T) []string {
	t.Helper()
	d, err := discovery.NewDiscoveryClientForConfig(suite.Config)
	if err != nil {
		t.Fatal(err)
	}
	lists, err := d.ServerPreferredResources()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, list := range discovery.FilteredBy(discovery.SupportsAllVerbs{Verbs: []string{"list"}}, lists) {
		for _, r := range list.APIResources {
			if slices.Contains([]string{"Event", "Lease", "ComponentStatus"}, r.Kind) {
				continue
			}
			objects := &metav1.PartialObjectMetadataList{TypeMeta: metav1.TypeMeta{APIVersion: list.GroupVersion, Kind: r.Kind + "List"}}
			if err := suite.client.List(t.Context(), objects); err != nil {
				t.Fatal(r.Kind, err)
			}
			for _, o := range objects.Items {
				out = append(out, strings.Join([]string{list.GroupVersion, r.Kind, o.Namespace, o.Name}, " "))
			}
		}
	}
	slices.Sort(out)
	return out
}
