//go:build e2e

package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	admissionregistration "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/bucketwarden/bucketwarden/webhook"
)

// What the chart registers is what the server registers by itself under --register-local, but for where it is reached
// and which namespaces are judged. Whatever the API server would fill in is written down, or GitOps tools see a drift.
func TestRegistration(t *testing.T) {
	mutating, validating := registered(t)
	want := webhook.NewRegistration("", nil)
	never, all := admissionregistration.NeverReinvocationPolicy, admissionregistration.AllScopes
	for i := range want.Mutating.Webhooks {
		w := &want.Mutating.Webhooks[i]
		if w.ReinvocationPolicy == nil {
			w.ReinvocationPolicy = &never
		}
		w.ClientConfig, w.NamespaceSelector, w.ObjectSelector = service(w.Name, *w.ClientConfig.URL), judged(w.Name), &metav1.LabelSelector{}
		scoped(w.Rules, &all)
	}
	for i := range want.Validating.Webhooks {
		w := &want.Validating.Webhooks[i]
		w.ClientConfig, w.NamespaceSelector, w.ObjectSelector = service(w.Name, *w.ClientConfig.URL), judged(w.Name), &metav1.LabelSelector{}
		scoped(w.Rules, &all)
	}
	if diff := gocmp.Diff(want.Mutating.Webhooks, mutating.Webhooks); diff != "" {
		t.Errorf("mutating (-want +got):\n%s", diff)
	}
	if diff := gocmp.Diff(want.Validating.Webhooks, validating.Webhooks); diff != "" {
		t.Errorf("validating (-want +got):\n%s", diff)
	}
}

// read reads the only object of into's kind.
func read(t *testing.T, objects []*unstructured.Unstructured, into any) {
	t.Helper()
	kind := strings.TrimPrefix(fmt.Sprintf("%T", into), "*v1.")
	for _, obj := range objects {
		if obj.GetKind() == kind {
			if err := runtime.DefaultUnstructuredConverter.FromUnstructuredWithValidation(obj.Object, into, true); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatalf("there is no %s", kind)
}

// registered returns what the chart registers by some values.
func registered(t *testing.T, values ...string) (
	mutating admissionregistration.MutatingWebhookConfiguration, validating admissionregistration.ValidatingWebhookConfiguration,
) {
	t.Helper()
	objects, err := template(values...)
	if err != nil {
		t.Fatal(err)
	}
	read(t, objects, &mutating)
	read(t, objects, &validating)
	return mutating, validating
}

func service(webhook, path string) admissionregistration.WebhookClientConfig {
	port := int32(443)
	ref := &admissionregistration.ServiceReference{Namespace: namespace, Name: "bucketwarden", Path: &path, Port: &port}
	if webhook == "probe.bucketwarden.dev" {
		ref.Name = "bucketwarden-probe"
	}
	return admissionregistration.WebhookClientConfig{Service: ref}
}

func judged(webhook string) *metav1.LabelSelector {
	if webhook == "settings.bucketwarden.dev" {
		return &metav1.LabelSelector{}
	}
	where := metav1.LabelSelectorRequirement{
		Key: "kubernetes.io/metadata.name", Operator: metav1.LabelSelectorOpNotIn, Values: []string{"kube-system", namespace},
	}
	if webhook == "probe.bucketwarden.dev" {
		where.Operator, where.Values = metav1.LabelSelectorOpIn, []string{namespace}
	}
	return &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{where}}
}

func scoped(rules []admissionregistration.RuleWithOperations, scope *admissionregistration.ScopeType) {
	for i := range rules {
		rules[i].Scope = cmp.Or(rules[i].Scope, scope)
	}
}

// The providers' switches take their kinds out of both webhooks, and leave the server the right to read them.
func TestProviders(t *testing.T) {
	for _, off := range []string{"ack", "upbound", "classic"} {
		holds(t, []string{"--set", "providers." + off + "=false"}, off, groups())
	}
}

// The policies of users and roles are judged when somebody asks for it, of the same providers.
func TestIdentityPolicies(t *testing.T) {
	all := slices.Concat(groups(), identities())
	holds(t, []string{"--set", "identityPolicies=true"}, "", all)
	holds(t, []string{"--set", "identityPolicies=true,providers.ack=false"}, "ack", all)
}

// Kinds of somebody's own are judged behind all others, and read.
func TestOwnKinds(t *testing.T) {
	values := []string{"--set", "ownKinds[0].group=platform.example.org,ownKinds[0].resources={xbuckets,claims}"}
	own := group{Group: "platform.example.org", Resources: []string{"xbuckets", "claims"}}
	holds(t, values, "none", append(groups(), own))
	var got []string
	for _, right := range granted(t, namespace, values...)["bucketwarden"] {
		if strings.Contains(right, own.Group) {
			got = append(got, right)
		}
	}
	if diff := gocmp.Diff([]string{"watch claims.platform.example.org", "watch xbuckets.platform.example.org"}, got); diff != "" {
		t.Errorf("rights (-want +got):\n%s", diff)
	}
}

// holds fails unless both webhooks ask for all groups but those of a provider.
func holds(t *testing.T, values []string, off string, all []group) {
	t.Helper()
	mutating, validating := registered(t, values...)
	var want []string
	for _, g := range all {
		if string(g.Provider) != off {
			want = append(want, fmt.Sprint(g.Group, g.Resources))
		}
	}
	for _, rules := range [][]admissionregistration.RuleWithOperations{mutating.Webhooks[0].Rules, validating.Webhooks[0].Rules} {
		var got []string
		for _, r := range rules {
			got = append(got, fmt.Sprint(r.APIGroups[0], r.Resources))
		}
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Errorf("%v (-want +got):\n%s", values, diff)
		}
	}
}
