package audit

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// What becomes of a report or an Event. failed is the verdict on an object that could not be judged, too.
const (
	written = "Written"
	failed  = "Failed"
	dropped = "Dropped" // one of too many Events at once
)

// metrics is what an Auditor counts. A replica that does not lead has no gauges.
type metrics struct {
	objects, findings *prometheus.GaugeVec
	passed, duration  *prometheus.GaugeVec // without labels: empty before the first pass
	writes, told      *prometheus.CounterVec
}

func newMetrics() metrics {
	gauge := func(name, help string, labels ...string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, labels)
	}
	counter := func(name, help string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, []string{"result"})
	}
	return metrics{
		objects: gauge("bucketwarden_audit_objects",
			"Existing objects by the verdict they would get if created now; Failed: they could not be judged.", "verdict"),
		findings: gauge("bucketwarden_audit_findings",
			"Findings in existing objects, by rule and by the action they would cause.", "rule", "action"),
		passed: gauge("bucketwarden_audit_pass_timestamp_seconds", "When the last review of everything ended."),
		duration: gauge("bucketwarden_audit_pass_duration_seconds",
			"How long the last review of everything took; a periodic one is slow on purpose."),
		writes: counter("bucketwarden_report_writes_total", "Reports by result: Written, Failed."),
		told:   counter("bucketwarden_audit_events_total", "Events by result: Written, Failed, or Dropped because there were too many at once."),
	}
}

// start has all be seen that may be counted later: a rate needs the nought before the first.
func (m metrics) start() {
	for _, verdict := range []string{string(review.Admit), string(review.Warn), string(review.Patch), string(review.Deny), failed} {
		m.objects.WithLabelValues(verdict)
	}
	for _, result := range []string{written, failed} {
		m.writes.WithLabelValues(result)
	}
	for _, result := range []string{written, failed, dropped} {
		m.told.WithLabelValues(result)
	}
}

// retired takes away what stands for the cluster as it is. What counts for ever stays.
func (m metrics) retired() {
	for _, g := range []*prometheus.GaugeVec{m.objects, m.findings, m.passed, m.duration} {
		g.Reset()
	}
}

func (m metrics) all() []prometheus.Collector {
	return []prometheus.Collector{m.objects, m.findings, m.passed, m.duration, m.writes, m.told}
}

// Describe implements prometheus.Collector.
func (m metrics) Describe(out chan<- *prometheus.Desc) {
	for _, c := range m.all() {
		c.Describe(out)
	}
}

// Collect implements prometheus.Collector.
func (m metrics) Collect(out chan<- prometheus.Metric) {
	for _, c := range m.all() {
		c.Collect(out)
	}
}

// count puts what was found in an object in the place of what was found before. The zero state counts for nothing.
func (m metrics) count(before, now state) {
	add := func(s state, sign float64) {
		if s.verdict != "" {
			m.objects.WithLabelValues(s.verdict).Add(sign)
		}
		for _, t := range s.findings {
			m.findings.WithLabelValues(t.rule, t.action).Add(sign * t.count)
		}
	}
	add(before, -1)
	add(now, 1)
}
