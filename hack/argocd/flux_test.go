package argocd

import (
	"testing"

	"github.com/fluxcd/pkg/ssa"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Flux compares and applies on the server alone.
func TestFlux(t *testing.T) {
	flux := ssa.NewResourceManager(suite.client, nil, ssa.Owner{Field: "kustomize-controller", Group: "kustomize.toolkit.fluxcd.io"})
	apply := func(manifest string) ssa.Action {
		t.Helper()
		entry, err := flux.Apply(t.Context(), object(t, manifest), ssa.DefaultApplyOptions())
		if err != nil {
			t.Fatal(err)
		}
		return entry.Action
	}
	drift := func(manifest string) ssa.Action {
		t.Helper()
		entry, _, _, err := flux.Diff(t.Context(), object(t, manifest), ssa.DefaultDiffOptions())
		if err != nil {
			t.Fatal(err)
		}
		return entry.Action
	}
	before, git := ackBucket("flux-before", setsACL), ackBucket("flux", setsACL)
	changed := ackBucket("flux-before", setsACL, reads)
	apply(before)
	startGate(t)
	for _, step := range []struct {
		what     string
		do       func(string) ssa.Action
		manifest string
		want     ssa.Action
	}{
		{"was there before the gate", drift, before, ssa.UnchangedAction},
		{"the same, applied", apply, before, ssa.UnchangedAction},
		{"changed in Git", drift, changed, ssa.ConfiguredAction},
		{"the same, applied and patched", apply, changed, ssa.ConfiguredAction},
		{"the same afterwards", drift, changed, ssa.UnchangedAction},
		{"created and patched", apply, git, ssa.CreatedAction},
		{"the same afterwards", drift, git, ssa.UnchangedAction},
		{"the same, applied again", apply, git, ssa.UnchangedAction},
		{"fixed in Git", drift, fixed(t, git), ssa.UnchangedAction},
		{"the same, applied", apply, fixed(t, git), ssa.UnchangedAction},
	} {
		if got := step.do(step.manifest); got != step.want {
			t.Errorf("%s: %s, want %s", step.what, got, step.want)
		}
	}
	for manifest, want := range map[string]string{git: fixed(t, git), changed: fixed(t, changed)} {
		stored, _, _ := unstructured.NestedString(live(t, manifest).Object, "spec", "policy")
		mended, _, _ := unstructured.NestedString(object(t, want).Object, "spec", "policy")
		if stored != mended {
			t.Errorf("stored %s\nfixed  %s", stored, mended)
		}
	}
}
