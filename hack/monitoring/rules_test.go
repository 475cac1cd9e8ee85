package monitoring

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/common/model"
)

const (
	runbook     = "../../docs/operate.md"
	runbookBase = "https://github.com/bucketwarden/bucketwarden/blob/main/docs/operate.md#"
)

// Every alert says how bad it is, what it means and where to read on.
func TestAnnotations(t *testing.T) {
	for _, r := range alertRules(t) {
		if s := r.Labels().Get("severity"); s != "critical" && s != "warning" {
			t.Errorf("%s: severity %q", r.Name(), s)
		}
		if r.HoldDuration() == 0 {
			t.Errorf("%s: no for", r.Name())
		}
		for _, name := range []string{"summary", "description"} {
			if text := r.Annotations().Get(name); !strings.HasSuffix(text, ".") {
				t.Errorf("%s: %s %q is no sentence", r.Name(), name, text)
			}
		}
		if got, want := r.Annotations().Get("runbook_url"), runbookBase+strings.ToLower(r.Name()); got != want {
			t.Errorf("%s: runbook_url %s, want %s", r.Name(), got, want)
		}
	}
}

// Every alert has its chapter in the runbook, and the other way round.
func TestRunbook(t *testing.T) {
	text, err := os.ReadFile(runbook)
	if err != nil {
		t.Fatal(err)
	}
	chapters := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^#+ (Bucketwarden[A-Z]\w+)$`).FindAllSubmatch(text, -1) {
		if chapters[string(m[1])] {
			t.Errorf("%s has two chapters", m[1])
		}
		chapters[string(m[1])] = true
	}
	seen := map[string]bool{}
	for _, r := range alertRules(t) {
		seen[r.Name()] = true
		if !chapters[r.Name()] {
			t.Errorf("%s has no chapter %s", runbook, r.Name())
		}
	}
	for name := range chapters {
		if !seen[name] {
			t.Errorf("%s: %s is no alert", runbook, name)
		}
	}
}

// The page's table has all metrics of ours, and no others.
func TestMetricsTable(t *testing.T) {
	text, err := os.ReadFile(runbook)
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "| `bucketwarden_") {
			for _, m := range regexp.MustCompile("`(bucketwarden_\\w+)").FindAllStringSubmatch(line, -1) {
				listed[m[1]] = true
			}
		}
	}
	exist := map[string]bool{}
	for _, s := range readSeries(t, ours) {
		exist[family(s.Get(model.MetricNameLabel))] = true
	}
	if diff := cmp.Diff(exist, listed); diff != "" {
		t.Errorf("%s (-exist +listed):\n%s", runbook, diff)
	}
}

// Releases are told apart by namespace and job, whatever these are called.
func TestNoNames(t *testing.T) {
	for _, r := range alertRules(t) {
		for _, s := range selectors(t, r.Query().String()) {
			for _, m := range s.LabelMatchers {
				if m.Name == "job" || m.Name == "namespace" {
					t.Errorf("%s matches %s", r.Name(), m)
				}
			}
		}
	}
}
