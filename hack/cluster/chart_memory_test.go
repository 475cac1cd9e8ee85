package cluster

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestChartMemory holds what is measured against to what the chart asks for.
func TestChartMemory(t *testing.T) {
	values, err := os.ReadFile("../../charts/bucketwarden/values.yaml")
	if err != nil {
		t.Fatal(err)
	}
	_, limits, _ := strings.Cut(string(values), "  limits:")
	if want := fmt.Sprintf("memory: %dMi", ChartMemory>>20); !strings.Contains(limits[:min(len(limits), 100)], want) {
		t.Errorf("the chart's limit is another than %s", want)
	}
	if env := fmt.Sprintf("GOMEMLIMIT=%dMiB", ChartMemory>>20*9/10); !slices.Contains(ChartEnv(), env) {
		t.Errorf("%q has not %s", ChartEnv(), env)
	}
}
