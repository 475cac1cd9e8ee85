package main

import (
	"strings"
	"testing"

	"github.com/bucketwarden/bucketwarden/webhook/inventory"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// The answers that requests must get are those of the rules.
func TestVariants(t *testing.T) {
	known := &inventory.Index{}
	known.Set(ownership("b").Object)
	for _, k := range kinds {
		for _, v := range variants {
			r, ok, err := reviewer.Object(t.Context(), k.object("default", "b", "b", strings.ReplaceAll(v.sent, "BUCKET", "b")).Object, known)
			if !ok || err != nil {
				t.Fatal(ok, err)
			}
			want := review.Warn
			switch {
			case v.rule != "":
				want = review.Deny
			case v.sent != v.stored:
				want = review.Patch
			}
			if got := r.Verdict(); got != want && !(want == review.Warn && got == review.Admit) {
				t.Errorf("%s %s: %s, want %s", k.Kind, v.sent, got, want)
			}
			if message := r.Denial(k.Kind, "b"); v.rule != "" && !strings.Contains(message, v.rule) {
				t.Errorf("%s %s: %s, want %s", k.Kind, v.sent, message, v.rule)
			}
		}
	}
	r, ok, err := reviewer.Object(t.Context(), bucketACL("b").Object, known)
	if !ok || err != nil || r.Verdict() != review.Deny || !strings.Contains(r.Denial("BucketACL", "b"), "BW304") {
		t.Errorf("BucketACL: %s %v %v", r.Verdict(), ok, err)
	}
}
