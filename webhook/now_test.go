package webhook

import (
	"testing"

	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/webhook/inventory"
	"github.com/bucketwarden/bucketwarden/webhook/review"
	"github.com/bucketwarden/bucketwarden/webhook/settings"
)

// fixed returns a configuration that does not change.
func fixed(r review.Reviewer) func() review.Reviewer { return func() review.Reviewer { return r } }

// A configuration that changes while a request is judged must not judge one half of it by the old and one by the new.
func TestConfigurationOnce(t *testing.T) {
	const (
		bucket    = `{"apiVersion":"s3.services.k8s.aws/v1alpha1","kind":"Bucket","metadata":{"name":"logs","namespace":"a"},"spec":{"name":"logs","publicAccessBlock":{}}}`
		ruleset   = `{"apiVersion":"bucketwarden.dev/v1alpha1","kind":"Ruleset","metadata":{"name":"strict"},"spec":{"level":"restricted"}}`
		namespace = `{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"a","labels":{"bucketwarden.dev/enforce":"restricted"}}}`
	)
	asked := 0
	index := &inventory.Index{}
	obj, err := decode([]byte(bucket))
	if err != nil {
		t.Fatal(err)
	}
	index.Set(obj)
	h := handlers{
		now: func() review.Reviewer {
			asked++
			return review.Reviewer{Rules: rules.All, Level: policy.Baseline}
		},
		inventory: index, denial: Forbidden, store: settings.NewStore(rules.All), metrics: newMetrics(),
	}
	for _, tt := range []struct {
		name      string
		handle    admission.HandlerFunc
		operation admissionv1.Operation
		kind      string
		object    string
	}{
		{"mutate a new one", h.mutate, admissionv1.Create, "Bucket", bucket},
		{"mutate a change", h.mutate, admissionv1.Update, "Bucket", bucket},
		{"validate a new one", h.validate, admissionv1.Create, "Bucket", bucket},
		{"validate a change", h.validate, admissionv1.Update, "Bucket", bucket},
		{"validate a deletion", h.validate, admissionv1.Delete, "Bucket", bucket},
		{"configure by a Ruleset", h.configure, admissionv1.Update, "Ruleset", ruleset},
		{"configure by a Namespace", h.configure, admissionv1.Update, "Namespace", namespace},
	} {
		asked = 0
		raw := runtime.RawExtension{Raw: []byte(tt.object)}
		resp := tt.handle(t.Context(), admission.Request{AdmissionRequest: admissionv1.AdmissionRequest{
			Operation: tt.operation, Kind: metav1.GroupVersionKind{Kind: tt.kind}, Object: raw, OldObject: raw,
		}})
		if !resp.Allowed {
			t.Errorf("%s: refused: %s", tt.name, resp.Result.Message)
		}
		if asked != 1 {
			t.Errorf("%s: the configuration was asked for %d times", tt.name, asked)
		}
	}
}
