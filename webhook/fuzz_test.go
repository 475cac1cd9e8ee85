package webhook

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/tools/txtar"
	admissionv1 "k8s.io/api/admission/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/webhook/inventory"
	"github.com/bucketwarden/bucketwarden/webhook/review"
	"github.com/bucketwarden/bucketwarden/webhook/settings"
)

// FuzzHandlers sends any two objects: no panic, a patch that applies to what it was made for and needs no other, no
// refusal of a deletion, and every warning fit for a header.
func FuzzHandlers(f *testing.F) {
	operations := []admissionv1.Operation{admissionv1.Create, admissionv1.Update, admissionv1.Delete}
	seeds := map[admissionv1.Operation]int{}
	seed := func(object, old []byte, o admissionv1.Operation) {
		seeds[o]++
		f.Add(object, old, uint8(slices.Index(operations, o)))
	}
	files, _ := filepath.Glob("testdata/*.txtar")
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		c := readCase(f, archive)
		seed(c.object, c.old, operation(c.object, c.old))
	}
	for _, o := range operations {
		if seeds[o] == 0 {
			f.Errorf("no case is about %s", o)
		}
	}
	seed([]byte(`{}`), nil, admissionv1.Create)
	seed([]byte("{\"kind\":\"Bucket\"} x"), []byte("null"), admissionv1.Update)
	seed([]byte("[]"), []byte("\xff"), admissionv1.Delete)
	metrics := newMetrics()
	f.Fuzz(func(t *testing.T, object, old []byte, pick uint8) {
		index := &inventory.Index{}
		if obj, err := decode(old); err == nil {
			index.Set(obj)
		}
		h := handlers{fixed(review.Reviewer{Rules: rules.All, Level: policy.Restricted}), settings.NewStore(rules.All), index, Forbidden, nil, metrics}
		req := admission.Request{AdmissionRequest: admissionv1.AdmissionRequest{
			Operation: operations[int(pick)%len(operations)],
			Object:    runtime.RawExtension{Raw: object}, OldObject: runtime.RawExtension{Raw: old},
		}}
		verdict := h.validate(t.Context(), req)
		checkWarnings(t, verdict.Warnings)
		if req.Operation == admissionv1.Delete {
			if !verdict.Allowed {
				t.Fatalf("a deletion is refused: %s", verdict.Result.Message)
			}
			return
		}
		patch := h.mutate(t.Context(), req)
		checkWarnings(t, patch.Warnings)
		if !patch.Allowed {
			t.Fatalf("patching refuses: %s", patch.Result.Message)
		}
		if len(patch.Patches) > 0 && json.Valid(object) {
			req.Object.Raw = patched(t, object, patch)
			if again := h.mutate(t.Context(), req); len(again.Patches) > 0 {
				t.Fatalf("patched twice: %v, then %v", patch.Patches, again.Patches)
			}
		}
	})
}

func checkWarnings(t *testing.T, warnings []string) {
	t.Helper()
	for _, w := range warnings {
		if n := len([]rune(w)); n > 256 {
			t.Errorf("%d characters: %q", n, w)
		}
		for _, r := range w {
			if r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' {
				t.Errorf("%U in a warning: %q", r, w)
			}
		}
	}
}
