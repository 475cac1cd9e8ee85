//go:build e2e

package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
)

// TestChaos plays every scenario for a short while. Only counts are looked at.
func TestChaos(t *testing.T) {
	const root = "../.."
	binary, err := cluster.Build(root, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	all, err := run(t.Context(), filepath.Join(root, "config/samples/crds"), binary, "all",
		load{Duration: 2 * time.Second, Teams: 4, Rate: 10})
	var out strings.Builder
	missed := show(&out, "text", all)
	t.Log("\n" + out.String())
	if err != nil || missed != nil {
		t.Error(err, missed)
	}
	if len(all) != len(scenarios) {
		t.Errorf("%d scenarios of %d were played", len(all), len(scenarios))
	}
}
