package webhook

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-logr/logr"
	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	ctrlmetrics "sigs.k8s.io/controller-runtime/pkg/metrics"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook/audit"
	"github.com/bucketwarden/bucketwarden/webhook/inventory"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

const seriesFile = "testdata/series.txt"

// Every series there is, without its value. hack/monitoring holds alerts and dashboard against this list.
func TestSeries(t *testing.T) {
	m := newMetrics()
	for _, v := range []interface{ Reset() }{m.decisions, m.undecided, m.reviews, m.duration} {
		v.Reset() // what other tests have counted
	}
	for _, a := range []policy.Action{policy.Audit, policy.Warn, policy.Patch, policy.Deny} {
		m.decisions.WithLabelValues("BW201", a.String())
	}
	m.undecided.WithLabelValues("BW201")
	for _, hook := range []string{patchHook, reviewHook, settingsHook} {
		for _, v := range []string{
			string(review.Admit), string(review.Warn), string(review.Patch), string(review.Deny), shed, failed,
		} {
			m.reviews.WithLabelValues(hook, v)
		}
		m.duration.WithLabelValues(hook)
	}
	s := state{
		build:    Build{Version: "v1", Revision: "0", Go: "go1"},
		load:     func() (int, int) { return 0, 0 },
		objects:  func() map[string]int { return map[string]int{"BucketPolicy.s3.aws.upbound.io": 0} },
		stale:    func() map[string]time.Duration { return map[string]time.Duration{"BucketPolicy.s3.aws.upbound.io": 0} },
		expiries: func() map[string]time.Time { return map[string]time.Time{"leaf": {}, "ca": {}} },
		broken: func() map[inventory.Key]string {
			return map[inventory.Key]string{{GroupKind: schema.GroupKind{Kind: "Ruleset"}, Name: "floor"}: "why"}
		},
		reached: time.Now,
	}
	got := "# All series of bucketwarden-webhook serve; go test ./webhook -run Series -update\n"
	audited(t, func(a *audit.Auditor) {
		for _, c := range []prometheus.Collector{s, a} {
			ctrlmetrics.Registry.MustRegister(c)
			defer ctrlmetrics.Registry.Unregister(c)
		}
		got += gather(t)
	})
	if *update {
		if err := os.WriteFile(seriesFile, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(seriesFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", seriesFile, diff)
	}
}

// audited calls look with what has found something in one object, and leads.
func audited(t *testing.T, look func(*audit.Auditor)) {
	t.Helper()
	index := &inventory.Index{}
	index.Set(map[string]any{
		"apiVersion": "s3.aws.upbound.io/v1beta1", "kind": "BucketPolicy", "metadata": map[string]any{"name": "logs"},
		"spec": map[string]any{"forProvider": map[string]any{"policy": "{}"}},
	})
	rule := &policy.Rule{ID: "BW201"}
	synctest.Test(t, func(t *testing.T) {
		a := audit.New(audit.Options{
			Objects: index, Ready: func(context.Context) error { return nil }, Interval: time.Hour, Group: audit.OpenReports,
			Client: fake.NewFakeClient(), Log: logr.Discard(),
			Review: func(context.Context, map[string]any) (review.Review, bool, error) {
				return review.Review{
					Findings: []review.Finding{{Finding: policy.Finding{Rule: rule}, Action: policy.Deny}},
				}, true, nil
			},
			Seen: func(inventory.Key, review.Review) {}, Passed: func() {},
		})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- a.Start(ctx) }()
		synctest.Wait()
		look(a)
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// gather returns the series of ours as a scrape would, without their values.
func gather(t *testing.T) string {
	t.Helper()
	families, err := ctrlmetrics.Registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	for _, f := range families {
		if !strings.HasPrefix(f.GetName(), "bucketwarden_") {
			continue
		}
		if _, err := expfmt.MetricFamilyToText(&text, f); err != nil {
			t.Fatal(err)
		}
	}
	var out strings.Builder
	for line := range strings.Lines(text.String()) {
		if !strings.HasPrefix(line, "#") {
			out.WriteString(line[:strings.LastIndex(line, " ")] + "\n")
		}
	}
	return out.String()
}
