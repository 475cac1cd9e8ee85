package webhook

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/plain/plaintest"
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/webhook/inventory"
	"github.com/bucketwarden/bucketwarden/webhook/review"
	"github.com/bucketwarden/bucketwarden/webhook/settings"
)

// hostileObjects have a field for everything that an answer may name.
var hostileObjects = map[string]string{
	"object": `{"apiVersion": "s3.services.k8s.aws/v1alpha1", "kind": "Bucket", "metadata": {"name": "logs", "namespace": "team",
		"labels": {"crossplane.io/composite": "x", "crossplane.io/claim-name": "c", "crossplane.io/claim-namespace": "n"},
		"annotations": {"services.k8s.aws/region": "eu-central-1", "crossplane.io/composition-resource-name": "r", "bucketwarden.dev/profile": "p"},
		"ownerReferences": [{"apiVersion": "example.org/v1", "kind": "XBucket", "name": "x", "uid": "u", "controller": true}]},
		"spec": {"name": "logs", "acl": "public-read", "grantRead": "id=abc", "policy": "{}", "ownershipControls": {"rules": [{"objectOwnership": "ObjectWriter"}]}}}`,
	"document": `{"Version": "2012-10-17", "Statement": [{"Sid": "Read", "Effect": "Allow", "Principal": {"AWS": ["*", "arn:aws:iam::111122223333:role/r"]},
		"Action": ["s3:GetObject", "s3:PutObjectAcl"], "Resource": "arn:aws:s3:::logs/*", "Condition": {"StringLike": {"aws:PrincipalTag/team": "a*"}}}]}`,
	"configuration": `[{"apiVersion": "bucketwarden.dev/v1alpha1", "kind": "Exemption", "metadata": {"name": "e"}, "spec": {"reason": "r",
		"rules": ["BW201"], "objects": [{"kind": "Bucket", "name": "logs"}], "grants": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
		"Resource": "arn:aws:s3:::logs/*"}]}}, {"apiVersion": "bucketwarden.dev/v1alpha1", "kind": "Ruleset", "metadata": {"name": "r"},
		"spec": {"level": "restricted", "rules": [{"id": "BW201", "action": "Warn"}], "trust": {"accounts": ["111122223333"]}}},
		{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "n", "labels": {"bucketwarden.dev/enforce": "baseline"}}}]`,
}

// answered returns all that an answer says in words, a line each.
func answered(resp admission.Response) string {
	lines := append(slices.Clone(resp.Warnings), slices.Sorted(maps.Values(resp.AuditAnnotations))...)
	if resp.Result != nil {
		lines = append(lines, resp.Result.Message)
		if resp.Result.Details != nil {
			for _, c := range resp.Result.Details.Causes {
				lines = append(lines, c.Message, c.Field)
			}
		}
	}
	return strings.Join(lines, "\n")
}

// TestHostileAnswers sends one hostile text through every field of an object, its document and the configuration.
func TestHostileAnswers(t *testing.T) {
	decoded := map[string]any{}
	for name, text := range hostileObjects {
		var v any
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		decoded[name] = v
	}
	objects := plaintest.Variants(decoded["object"])
	for _, d := range plaintest.Variants(decoded["document"]) {
		text, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		object := maps.Clone(decoded["object"].(map[string]any))
		object["spec"] = map[string]any{"name": "logs", "policy": string(text), "acl": "public-read"}
		objects = append(objects, object)
	}
	for _, list := range plaintest.Variants(decoded["configuration"]) {
		objects = append(objects, list.([]any)...)
	}
	words := 0
	for _, object := range objects {
		raw, err := json.Marshal(object)
		if err != nil {
			t.Fatal(err)
		}
		words += checkAnswers(t, raw)
	}
	if words < len(objects) {
		t.Errorf("%d objects got %d words: nothing was said to be looked at", len(objects), words)
	}
}

// checkAnswers asks every webhook about one object, created and changed, and counts what they say.
func checkAnswers(t *testing.T, raw []byte) int {
	t.Helper()
	h := handlers{
		now: fixed(review.Reviewer{Rules: rules.All, Level: policy.Restricted}), inventory: &inventory.Index{}, denial: Forbidden,
		store: settings.NewStore(rules.All), metrics: newMetrics(),
	}
	var meta metav1.PartialObjectMetadata
	_ = json.Unmarshal(raw, &meta) // what is no metadata has no names either
	words := 0
	for name, handle := range map[string]admission.HandlerFunc{patchHook: h.mutate, reviewHook: h.validate, settingsHook: h.configure} {
		for _, operation := range []admissionv1.Operation{admissionv1.Create, admissionv1.Update, admissionv1.Delete} {
			req := admission.Request{AdmissionRequest: admissionv1.AdmissionRequest{
				UID: "u", Operation: operation, Kind: metav1.GroupVersionKind{Kind: meta.Kind}, Name: meta.Name, Namespace: meta.Namespace,
				Object: runtime.RawExtension{Raw: raw}, OldObject: runtime.RawExtension{Raw: raw},
			}}
			if operation == admissionv1.Delete {
				req.Object.Raw = nil
			}
			text := answered(h.hook(name, newQueue(Limits{}), handle).Handle(t.Context(), req))
			words += len(strings.Fields(text))
			if fault := plaintest.Fault(text); fault != "" {
				t.Errorf("%s of %s, %s:\n%q", operation, raw, name, fault)
			}
		}
	}
	return words
}
