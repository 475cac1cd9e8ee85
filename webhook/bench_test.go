package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-logr/logr"
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

// statementOf is an ordinary least-privilege statement of about 330 bytes.
const statementOf = `{"Sid":"Team%d","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/team-%[1]d"},` +
	`"Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::logs/team-%[1]d/*",` +
	`"Condition":{"StringEquals":{"aws:SourceVpce":"vpce-0123456789abcdef0"},"Bool":{"aws:SecureTransport":"true"}}}`

// document returns a bucket policy of at least size bytes.
func document(size int) string {
	var statements []string
	for n := 0; len(strings.Join(statements, ",")) < size; n++ {
		statements = append(statements, fmt.Sprintf(statementOf, n))
	}
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`
}

// object returns an ACK Bucket that holds a document.
func object(b *testing.B, document string) []byte {
	b.Helper()
	raw, err := json.Marshal(map[string]any{
		"apiVersion": "s3.services.k8s.aws/v1alpha1", "kind": "Bucket",
		"metadata": map[string]any{"name": "logs", "namespace": "team-a"},
		"spec": map[string]any{
			"name": "logs", "policy": document,
			"ownershipControls": map[string]any{"rules": []any{map[string]any{"objectOwnership": "BucketOwnerEnforced"}}},
		},
	})
	if err != nil {
		b.Fatal(err)
	}
	return raw
}

var sizes = map[string]int{"2KB": 2_000, "20KB": 18_000}

func benchReviewer() review.Reviewer {
	return review.Reviewer{Rules: rules.All, Level: policy.Baseline}
}

// BenchmarkReview is one object, all rules.
func BenchmarkReview(b *testing.B) {
	for name, size := range sizes {
		b.Run(name, func(b *testing.B) {
			obj, err := decode(object(b, document(size)))
			if err != nil {
				b.Fatal(err)
			}
			reviewer, index := benchReviewer(), &inventory.Index{}
			b.ReportAllocs()
			for b.Loop() {
				if v, _, err := reviewer.Object(b.Context(), obj, index); err != nil || len(v.Patch) > 0 || v.Verdict() == review.Deny {
					b.Fatal(v.Findings, err)
				}
			}
		})
	}
}

// BenchmarkPatch is one object with an action to strip in its first statement: the review, the fix and its proof.
func BenchmarkPatch(b *testing.B) {
	for name, size := range sizes {
		b.Run(name, func(b *testing.B) {
			text := strings.Replace(document(size), `"s3:PutObject"`, `"s3:PutObject","s3:PutObjectAcl"`, 1)
			obj, err := decode(object(b, text))
			if err != nil {
				b.Fatal(err)
			}
			reviewer, index := benchReviewer(), &inventory.Index{}
			b.ReportAllocs()
			for b.Loop() {
				if v, _, err := reviewer.Object(b.Context(), obj, index); err != nil || len(v.Patch) == 0 {
					b.Fatal(v.Findings, err)
				}
			}
		})
	}
}

// BenchmarkUpdate is one update that adds a statement: of a policy that is right, and of one in which a finding stands.
func BenchmarkUpdate(b *testing.B) {
	const open = `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::logs/site/*"},`
	for name, size := range sizes {
		for state, first := range map[string]string{"right": "", "standing": open} {
			b.Run(name+"/"+state, func(b *testing.B) {
				text := strings.Replace(document(size), `"Statement":[`, `"Statement":[`+first, 1)
				added := strings.TrimSuffix(text, "]}") + "," + fmt.Sprintf(statementOf, 999) + "]}"
				before, err := decode(object(b, text))
				if err != nil {
					b.Fatal(err)
				}
				obj, err := decode(object(b, added))
				if err != nil {
					b.Fatal(err)
				}
				reviewer, index := benchReviewer(), &inventory.Index{}
				b.ReportAllocs()
				for b.Loop() {
					if v, _, err := reviewer.Update(b.Context(), obj, before, index); err != nil || v.Verdict() == review.Deny {
						b.Fatal(v.Findings, err)
					}
				}
			})
		}
	}
}

// BenchmarkHandler is one HTTP request and its answer, without the network: ours beside a webhook of the same server
// that admits everything unread, in the same process.
func BenchmarkHandler(b *testing.B) {
	h := handlers{now: fixed(benchReviewer()), store: settings.NewStore(rules.All), inventory: &inventory.Index{}, metrics: newMetrics()}
	for _, handler := range []struct {
		name   string
		handle admission.HandlerFunc
	}{
		{"no-op", func(context.Context, admission.Request) admission.Response { return admission.Allowed("") }},
		{"validate", h.validate},
		{"mutate", h.mutate},
	} {
		for name, size := range sizes {
			b.Run(handler.name+"/"+name, func(b *testing.B) {
				body := admissionReview(b, object(b, document(size)))
				hook := wire(logr.Discard(), handler.handle)
				b.ReportAllocs()
				for b.Loop() {
					req, err := http.NewRequestWithContext(b.Context(), http.MethodPost, "/", nil)
					if err != nil {
						b.Fatal(err)
					}
					w := httptest.NewRecorder()
					hook(w, req, body)
					if w.Code != http.StatusOK || !bytes.Contains(w.Body.Bytes(), []byte(`"allowed":true`)) {
						b.Fatal(w.Code, w.Body)
					}
				}
			})
		}
	}
}

func admissionReview(b testing.TB, raw []byte) []byte {
	b.Helper()
	body, err := json.Marshal(admissionv1.AdmissionReview{
		TypeMeta: metav1.TypeMeta{APIVersion: "admission.k8s.io/v1", Kind: "AdmissionReview"},
		Request: &admissionv1.AdmissionRequest{
			UID: "a", Operation: admissionv1.Create, Name: "logs", Namespace: "team-a",
			Kind:   metav1.GroupVersionKind{Group: "s3.services.k8s.aws", Version: "v1alpha1", Kind: "Bucket"},
			Object: runtime.RawExtension{Raw: raw},
		},
	})
	if err != nil {
		b.Fatal(err)
	}
	return body
}
