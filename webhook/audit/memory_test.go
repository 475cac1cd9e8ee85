package audit

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook/inventory"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// BenchmarkMemory measures what is remembered of each object once its report is written. Every fourth has findings.
func BenchmarkMemory(b *testing.B) {
	const count = 40_000
	hygiene := &policy.Rule{ID: "BW601", Name: "tls", Severity: policy.Low}
	for b.Loop() {
		before := heap()
		a := New(Options{
			Objects: &objects{}, Client: &server{}, Group: OpenReports, Log: logr.Discard(), Seen: func(inventory.Key, review.Review) {},
		})
		a.reports.look(b.Context())
		for i := range count {
			o := found()
			o.object.Name = fmt.Sprintf("company-team-bucket-%d", i)
			if i%4 == 0 {
				o.review.Findings = []review.Finding{finding(public, policy.Warn, o.object.Name), finding(hygiene, policy.Audit, o.object.Name)}
			}
			key := inventory.Key{GroupKind: schema.GroupKind{Group: "s3.services.k8s.aws", Kind: "Bucket"}, Namespace: "team", Name: o.object.Name}
			r := newReport(o, a.Group, 40)
			a.remember(key, o, r)
			a.reports.note(r, nil)
		}
		b.ReportMetric(float64(heap()-before)/count, "B/object")
		runtime.KeepAlive(a)
	}
}

func heap() int64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
