//go:build e2e

package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// ciValues returns the files of values that are rendered, by what they are about. None of them is the default.
func ciValues(t *testing.T) map[string][]string {
	t.Helper()
	files, err := filepath.Glob(chart + "/ci/*-values.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	out := map[string][]string{"default": nil}
	for _, file := range files {
		out[strings.TrimSuffix(filepath.Base(file), "-values.yaml")] = []string{"--values", file}
	}
	return out
}

func TestLint(t *testing.T) {
	for name, values := range ciValues(t) {
		if _, err := helm(append([]string{"lint", "--strict", chart}, values...)...); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Argo CD and Flux render without a cluster, or for another one: all must see the same.
func TestDeterministic(t *testing.T) {
	for name, values := range ciValues(t) {
		render := func(more ...string) string {
			text, err := helm(append(append([]string{"template", release, chart, "--namespace", namespace}, values...), more...)...)
			if err != nil {
				t.Fatal(err)
			}
			return text
		}
		want := render()
		for _, more := range [][]string{
			{"--kube-version", "1.30.0"}, {"--is-upgrade"}, {"--api-versions", "monitoring.coreos.com/v1,cert-manager.io/v1"},
		} {
			if diff := cmp.Diff(want, render(more...)); diff != "" {
				t.Errorf("%s: with %v (-without +with):\n%s", name, more, diff)
			}
		}
		if got := strings.Contains(want, "caBundle:"); got != (name == "secret") {
			t.Errorf("%s: renders a caBundle: %v", name, got)
		}
	}
}

func TestOldCluster(t *testing.T) {
	if _, err := template("--kube-version", "1.29.14"); err == nil || !strings.Contains(err.Error(), "incompatible with Kubernetes v1.29.14") {
		t.Errorf("without stable matchConditions: %v", err)
	}
}

// A bad value is refused before anything is installed, and the message says where it stands.
func TestRefused(t *testing.T) {
	tests := []struct{ set, want string }{
		{"levels=baseline", "'': additional properties 'levels' not allowed"},
		{"level=strict", "/level': value must be one of 'privileged', 'baseline', 'restricted'"},
		{"denialReason=teapot", "/denialReason': value must be one of 'forbidden', 'invalid'"},
		{"trust.accounts={111122223333}", "/trust/accounts/0': got number, want string"},
		{"trust.organizations={exampleorgid}", "/trust/organizations/0': 'exampleorgid' does not match pattern"},
		{"trust.networks={10.0.0.0}", "/trust/networks/0': '10.0.0.0' does not match pattern"},
		{"trust.network={10.0.0.0/8}", "/trust': additional properties 'network' not allowed"},
		{"providers.ack=false,providers.upbound=false,providers.classic=false", "/providers': 'anyOf' failed"},
		{"ownKinds[0].group=apps,ownKinds[0].resources={deployments}", "/ownKinds/0/group': 'apps' does not match pattern"},
		{"ownKinds[0].group=platform.example.org", "/ownKinds/0': missing property 'resources'"},
		{"ownKinds[0].group=platform.example.org,ownKinds[0].resources={*}", "/ownKinds/0/resources/0': '*' does not match pattern"},
		{"excludeNamespaces={Team_A}", "/excludeNamespaces/0': 'Team_A' does not match pattern"},
		{"namespaceSelector.team=a", "/namespaceSelector': additional properties 'team' not allowed"},
		{"webhooks.review.failurePolicy=fail", "/webhooks/review/failurePolicy': value must be one of 'Fail', 'Ignore'"},
		{"webhooks.patch.timeoutSeconds=30", "/webhooks/patch/timeoutSeconds': maximum: got 30, want 10"},
		{"certificates.mode=vault", "/certificates/mode': value must be one of 'self', 'certManager', 'secret'"},
		{"certificates.mode=secret", "/certificates/secret/name': minLength: got 0, want 1"},
		{"certificates.secret.caBundle=LS0tLS1CRUdJTg==", "/certificates/secret/caBundle': 'LS0tLS1CRUdJTg==' does not match pattern"},
		{"certificates.caDuration=365d", "/certificates/caDuration': '365d' does not match pattern"},
		{"certificates.certManager.issuerRef.kind=ClusterIssuer", "/certificates/certManager/issuerRef': properties 'name' required, if 'kind' exists"},
		{"image.digest=latest", "/image/digest': 'latest' does not match pattern"},
		{"replicaCount=two", "/replicaCount': got string, want integer"},
		{"podDisruptionBudget.maxUnavailable=0", "/podDisruptionBudget/maxUnavailable': minimum: got 0, want 1"},
		{"priorityClass.create=true,priorityClass.name=system-cluster-critical", "/priorityClass/name': 'not' failed"},
		{"extraArgs={-v}", "/extraArgs/0': '-v' does not match pattern"},
		{"resources.limits.memory=512M", "/resources/limits/memory': '512M' does not match pattern"},
		{"resources.request.cpu=1", "/resources': additional properties 'request' not allowed"},
		{"service.port=0", "/service/port': minimum: got 0, want 1"},
		{"networkPolicy.apiServerCIDRs={10.0.0.1}", "/networkPolicy/apiServerCIDRs/0': '10.0.0.1' does not match pattern"},
		{"metrics.readers[0].name=prometheus", "/metrics/readers/0': missing property 'namespace'"},
		{"metrics.serviceMonitor.interval=30", "/metrics/serviceMonitor/interval': got number, want string"},
		{"selftest.namespace=kube-system", "/selftest/namespace': 'not' failed"},
	}
	for _, tt := range tests {
		if _, err := template("--set", tt.set); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v\nwant %q", tt.set, err, tt.want)
		}
	}
}

// A group has one provider and one scope, or the chart's roles would be too wide.
func TestGroups(t *testing.T) {
	all := groups()
	for _, s := range source.All() {
		i := slices.IndexFunc(all, func(g group) bool { return g.Group == s.Group })
		if all[i].Provider != s.Provider || all[i].Namespaced != s.Namespaced {
			t.Errorf("%s: %s, namespaced %v; its group: %s, %v", s.GroupKind(), s.Provider, s.Namespaced, all[i].Provider, all[i].Namespaced)
		}
	}
}
