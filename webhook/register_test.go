package webhook

import (
	"slices"
	"testing"

	admissionregistration "k8s.io/api/admissionregistration/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// Every kind that is read is sent to both webhooks, in all versions.
func TestRegistrationCoversAllKinds(t *testing.T) {
	r := NewRegistration("https://127.0.0.1:9443", []byte("ca"))
	for _, s := range source.All() {
		for name, rules := range map[string][]admissionregistration.RuleWithOperations{
			"mutating": r.Mutating.Webhooks[0].Rules, "validating": r.Validating.Webhooks[0].Rules,
		} {
			if !slices.ContainsFunc(rules, func(r admissionregistration.RuleWithOperations) bool {
				return slices.Contains(r.APIGroups, s.Group) && slices.Contains(r.Resources, s.Plural) &&
					slices.Equal(r.APIVersions, []string{"*"})
			}) {
				t.Errorf("the %s webhook never sees %s", name, s.GroupKind())
			}
		}
	}
}

func TestRegistration(t *testing.T) {
	c := fake.NewClientBuilder().WithScheme(scheme.Scheme).Build()
	key := client.ObjectKey{Name: configurationName}
	for _, url := range []string{"https://127.0.0.1:9443", "https://127.0.0.1:9444"} { // created, then replaced
		if err := NewRegistration(url, []byte("ca")).Apply(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		var mutating admissionregistration.MutatingWebhookConfiguration
		var validating admissionregistration.ValidatingWebhookConfiguration
		if err := c.Get(t.Context(), key, &mutating); err != nil {
			t.Fatal(err)
		}
		if err := c.Get(t.Context(), key, &validating); err != nil {
			t.Fatal(err)
		}
		if got := *mutating.Webhooks[0].ClientConfig.URL; got != url+"/mutate" {
			t.Errorf("mutating webhook at %s", got)
		}
		if got := *validating.Webhooks[0].ClientConfig.URL; got != url+"/validate" {
			t.Errorf("validating webhook at %s", got)
		}
	}
	r := NewRegistration("https://127.0.0.1:9444", []byte("ca"))
	for range 2 { // the second time there is nothing left
		if err := r.Remove(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Get(t.Context(), key, &admissionregistration.ValidatingWebhookConfiguration{}); !apierrors.IsNotFound(err) {
		t.Errorf("still there: %v", err)
	}
}

func TestParseDenial(t *testing.T) {
	tests := []struct {
		text string
		ok   bool
	}{{"forbidden", true}, {"invalid", true}, {"Forbidden", false}, {"", false}}
	for _, tt := range tests {
		got, err := ParseDenial(tt.text)
		if (err == nil) != tt.ok || tt.ok && string(got) != tt.text {
			t.Errorf("%q: %q, %v", tt.text, got, err)
		}
	}
}
