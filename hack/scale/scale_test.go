//go:build e2e

package main

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
)

// TestScale measures few buckets. Only counts are looked at.
func TestScale(t *testing.T) {
	const root = "../.."
	binary, err := cluster.Build(root, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	all, err := scale{root: root, binary: binary, provider: "upbound", rate: 20, quiet: time.Second}.run(t.Context(), "50")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	print(&out, all)
	t.Log("\n" + out.String())
	f := all[0]
	got := map[string]int{
		"objects": f.Objects, "unreported": f.Unreported, "refused": f.Refused, "warned": f.Warned,
		"written": f.First.Reports, "written again": f.Second.Reports + f.Quiet.Reports,
		"patches": f.First.Requests["patch clusterreports"],
	}
	want := map[string]int{
		"objects": 200, "unreported": 0, "refused": 1, "warned": 5, "written": 200, "written again": 0, "patches": 200,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// Nothing is asked for each object: the configuration is read from time to time, and its status written.
	total := 0
	for n := range maps.Values(f.Second.Requests) {
		total += n
	}
	if total > 20 {
		t.Errorf("a pass in which nothing has changed sends %d requests: %v", total, f.Second.Requests)
	}
	for _, p := range []phase{f.First, f.Quiet} {
		if p.Admitted == 0 || p.P99 < p.P50 || p.P50 <= 0 {
			t.Errorf("admission was not measured: %+v", p)
		}
	}
}
