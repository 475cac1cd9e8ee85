package audit

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-logr/logr"
	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/webhook/inventory"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// world is a cluster with an audit, in a time of its own.
type world struct {
	t *testing.T
	*objects
	*server
	*Auditor
	reviews atomic.Int64
}

func inWorld(t *testing.T, test func(w *world)) {
	synctest.Test(t, func(t *testing.T) {
		test(&world{
			t: t, objects: &objects{all: map[inventory.Key]map[string]any{}, notify: func([]inventory.Key) {}},
			server: &server{absent: map[string]bool{}, stored: map[client.ObjectKey]*unstructured.Unstructured{}, events: map[client.ObjectKey]string{}},
		})
	})
}

// lead has a new replica lead.
func (w *world) lead() (stop func()) {
	w.t.Helper()
	w.Auditor = New(Options{
		Objects: w.objects, Ready: func(context.Context) error { return nil }, Rules: 30,
		Review: func(_ context.Context, obj map[string]any) (review.Review, bool, error) {
			w.reviews.Add(1)
			return read(obj)
		},
		Client: w.server, Group: OpenReports, Interval: DefaultInterval, Log: logr.Discard(),
		Seen: func(inventory.Key, review.Review) {}, Passed: func() {},
	})
	return w.again()
}

// again starts the audit, waits until it has reviewed everything, and returns what ends it.
func (w *world) again() (stop func()) {
	w.t.Helper()
	ctx, cancel := context.WithCancel(w.t.Context())
	ended := make(chan error)
	go func() { ended <- w.Start(ctx) }()
	synctest.Wait()
	return func() {
		cancel()
		if err := <-ended; err != nil {
			w.t.Error(err)
		}
	}
}

// expect checks what has been written since it was last asked, once nothing is left to do.
func (w *world) expect(reports int, notes ...string) {
	w.t.Helper()
	synctest.Wait()
	if got := w.writes(); got != reports {
		w.t.Errorf("%d reports written, want %d", got, reports)
	}
	if diff := cmp.Diff(notes, w.notes()); diff != "" {
		w.t.Errorf("Events (-want +got):\n%s", diff)
	}
}

// gauges checks some of the metrics.
func (w *world) gauges(want string, names ...string) {
	w.t.Helper()
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(w.Auditor)
	if err := testutil.GatherAndCompare(registry, strings.NewReader(want), names...); err != nil {
		w.t.Error(err)
	}
}

const bad = "BW201 public-access: %s (spec.policy)"

func said(message string) string { return fmt.Sprintf(bad, message) }

// What has changed is told, once; what has not is not.
func TestChanges(t *testing.T) {
	inWorld(t, func(w *world) {
		w.set("", "one", "open")
		two := w.set("team", "two")
		defer w.lead()()
		w.expect(2, said("open"))
		w.set("", "one", "open")
		w.set("team", "two")
		w.expect(0)
		w.set("team", "two", "open too", "and more")
		w.expect(1, said("open too")+"; and 1 more")
		w.set("team", "two")
		w.expect(1)
		w.set("team", "two", "open too", "and more") // an Event of an hour ago says so already
		w.expect(1)
		w.gauges(`
			# HELP bucketwarden_audit_findings Findings in existing objects, by rule and by the action they would cause.
			# TYPE bucketwarden_audit_findings gauge
			bucketwarden_audit_findings{action="Deny",rule="BW201"} 3
			# HELP bucketwarden_audit_objects Existing objects by the verdict they would get if created now; Failed: they could not be judged.
			# TYPE bucketwarden_audit_objects gauge
			bucketwarden_audit_objects{verdict="Admit"} 0
			bucketwarden_audit_objects{verdict="Deny"} 2
			bucketwarden_audit_objects{verdict="Failed"} 0
			bucketwarden_audit_objects{verdict="Patch"} 0
			bucketwarden_audit_objects{verdict="Warn"} 0
			# HELP bucketwarden_report_writes_total Reports by result: Written, Failed.
			# TYPE bucketwarden_report_writes_total counter
			bucketwarden_report_writes_total{result="Failed"} 0
			bucketwarden_report_writes_total{result="Written"} 5
			`, "bucketwarden_audit_findings", "bucketwarden_audit_objects", "bucketwarden_report_writes_total")
		w.objects.remove(two)
		w.expect(0)
		w.gauges(`
			# HELP bucketwarden_audit_objects Existing objects by the verdict they would get if created now; Failed: they could not be judged.
			# TYPE bucketwarden_audit_objects gauge
			bucketwarden_audit_objects{verdict="Admit"} 0
			bucketwarden_audit_objects{verdict="Deny"} 1
			bucketwarden_audit_objects{verdict="Failed"} 0
			bucketwarden_audit_objects{verdict="Patch"} 0
			bucketwarden_audit_objects{verdict="Warn"} 0
			`, "bucketwarden_audit_objects")
	})
}

// Whoever takes over writes nothing again, and reviews what has changed while nobody led.
func TestLeaders(t *testing.T) {
	inWorld(t, func(w *world) {
		w.set("", "one", "open")
		w.set("", "two", "open")
		w.lead()()
		w.expect(2, said("open"), said("open"))
		w.set("", "two", "worse")
		stop := w.lead()
		w.expect(1, said("worse"))
		stop()
		w.set("", "two", "worst") // told to who does not lead any more
		defer w.lead()()
		w.expect(1, said("worst"))
	})
}

// A replica that loses the lease counts nothing, and begins anew when it leads again.
func TestLeadsAgain(t *testing.T) {
	inWorld(t, func(w *world) {
		one := w.set("", "one", "open")
		w.set("", "two")
		w.lead()()
		w.expect(2, said("open"))
		w.gauges("", "bucketwarden_audit_objects", "bucketwarden_audit_findings", "bucketwarden_audit_pass_timestamp_seconds")
		w.objects.remove(one)
		w.set("", "two", "worse")
		defer w.again()()
		w.expect(1, said("worse"))
		w.gauges(`
			# HELP bucketwarden_audit_findings Findings in existing objects, by rule and by the action they would cause.
			# TYPE bucketwarden_audit_findings gauge
			bucketwarden_audit_findings{action="Deny",rule="BW201"} 1
			`, "bucketwarden_audit_findings")
	})
}

// Reports come with their kinds, which are asked for every now and then.
func TestKinds(t *testing.T) {
	inWorld(t, func(w *world) {
		w.absent["Report"], w.absent["ClusterReport"] = true, true
		w.set("", "one", "open")
		w.set("team", "two")
		defer w.lead()()
		w.expect(0, said("open"))
		w.change(func() { w.absent["ClusterReport"] = false })
		time.Sleep(settle)
		w.expect(1)
		w.change(func() { w.absent["Report"] = false })
		time.Sleep(settle)
		w.expect(1)
		w.change(func() { w.absent["Report"], w.stored = true, map[client.ObjectKey]*unstructured.Unstructured{} })
		w.set("team", "two", "open")
		w.expect(0, said("open"))
		w.change(func() { w.absent["Report"] = false })
		time.Sleep(settle)
		w.expect(2)
	})
}

// What somebody has deleted is written again at the interval, and what could not be written soon after.
func TestRepair(t *testing.T) {
	inWorld(t, func(w *world) {
		w.set("", "one", "open")
		w.set("", "two")
		defer w.lead()()
		w.expect(2, said("open"))
		w.change(func() { clear(w.stored) })
		time.Sleep(DefaultInterval + DefaultInterval/spread)
		w.expect(2)
		w.change(func() { w.broken = true })
		w.set("", "two", "open")
		w.expect(0, said("open"))
		w.change(func() { w.broken = false })
		time.Sleep(retry)
		w.expect(1)
	})
}

// A document that breaks the review does not break the audit.
func TestPanic(t *testing.T) {
	inWorld(t, func(w *world) {
		w.set("", "one", "panic")
		w.set("", "two", "open")
		defer w.lead()()
		w.expect(2, said("open"), "the review panicked: a bug")
		w.gauges(`
			# HELP bucketwarden_audit_objects Existing objects by the verdict they would get if created now; Failed: they could not be judged.
			# TYPE bucketwarden_audit_objects gauge
			bucketwarden_audit_objects{verdict="Admit"} 0
			bucketwarden_audit_objects{verdict="Deny"} 1
			bucketwarden_audit_objects{verdict="Failed"} 1
			bucketwarden_audit_objects{verdict="Patch"} 0
			bucketwarden_audit_objects{verdict="Warn"} 0
			`, "bucketwarden_audit_objects")
	})
}

// Events do not flood the API server, and everything is reviewed again when somebody asks for it.
func TestMany(t *testing.T) {
	const many = 500
	inWorld(t, func(w *world) {
		for i := range many {
			w.set("", fmt.Sprint(i), fmt.Sprint(i))
		}
		defer w.lead()()
		if got := len(w.notes()); got < eventBurst || got > eventBurst+eventQPS {
			t.Errorf("%d Events at once, want about %d", got, eventBurst)
		}
		w.gauges(fmt.Sprintf(`
			# HELP bucketwarden_audit_pass_timestamp_seconds When the last review of everything ended.
			# TYPE bucketwarden_audit_pass_timestamp_seconds gauge
			bucketwarden_audit_pass_timestamp_seconds %d
			`, time.Now().Unix()), "bucketwarden_audit_pass_timestamp_seconds")
		for _, all := range []func(){w.All, func() { time.Sleep(DefaultInterval + DefaultInterval/spread) }} {
			w.reviews.Store(0)
			all()
			synctest.Wait()
			if got := w.reviews.Load(); got != many {
				t.Errorf("%d reviews, want %d", got, many)
			}
		}
		w.expect(many)
	})
}
