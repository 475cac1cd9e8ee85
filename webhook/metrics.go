package webhook

import (
	"github.com/prometheus/client_golang/prometheus"
	ctrlmetrics "sigs.k8s.io/controller-runtime/pkg/metrics"
)

// metrics is what the handlers count. Latency and in-flight requests are controller-runtime's own.
type metrics struct{ decisions *prometheus.CounterVec }

// newMetrics makes the metrics and registers them; a second server in the same process counts in the same ones.
func newMetrics() metrics {
	decisions := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "bucketwarden_decisions_total",
		Help: "Findings by rule and by what was done about them.",
	}, []string{"rule", "action"})
	if err := ctrlmetrics.Registry.Register(decisions); err != nil {
		if before, ok := err.(prometheus.AlreadyRegisteredError); ok { //nolint:errorlint // returned as it is
			decisions = before.ExistingCollector.(*prometheus.CounterVec)
		}
	}
	return metrics{decisions}
}
