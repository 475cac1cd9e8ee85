package webhook

import (
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	ctrlmetrics "sigs.k8s.io/controller-runtime/pkg/metrics"

	"github.com/bucketwarden/bucketwarden/webhook/inventory"
)

// metrics is what the handlers count.
type metrics struct {
	decisions *prometheus.CounterVec
	undecided *prometheus.CounterVec
	reviews   *prometheus.CounterVec
	duration  *prometheus.HistogramVec
	panics    prometheus.Counter
}

// newMetrics makes the metrics and registers them; a second server in the same process counts in the same ones.
func newMetrics() metrics {
	return metrics{
		decisions: register(prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "bucketwarden_decisions_total",
			Help: "Findings by rule and by action.",
		}, []string{"rule", "action"})),
		undecided: register(prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "bucketwarden_undecided_total",
			Help: "Findings that could not be decided, by rule.",
		}, []string{"rule"})),
		reviews: register(prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "bucketwarden_reviews_total",
			Help: "Admission requests by webhook and verdict.",
		}, []string{"webhook", "verdict"})),
		duration: register(prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "bucketwarden_review_duration_seconds",
			Help:    "Time from a decoded admission request to its answer, including waiting for its turn.",
			Buckets: []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2, 3},
		}, []string{"webhook"})),
		panics: register(prometheus.NewCounter(prometheus.CounterOpts{
			Name: "bucketwarden_panics_total",
			Help: "Panics while answering a request; each was contained and answered with 500.",
		})),
	}
}

func register[C prometheus.Collector](c C) C {
	var before prometheus.AlreadyRegisteredError
	if errors.As(ctrlmetrics.Registry.Register(c), &before) {
		return before.ExistingCollector.(C)
	}
	return c
}

// state is what is asked of a server when its metrics are read. The functions may be nil.
type state struct {
	build    Build
	load     func() (running, waiting int)
	objects  func() map[string]int           // of the inventory, by kind
	stale    func() map[string]time.Duration // how long each kind's watch has been failing; 0 for a healthy one
	expiries func() map[string]time.Time     // of certificates: "leaf", "ca"
	broken   func() map[inventory.Key]string // why a Ruleset or Exemption is not in force as it is written
	reached  func() time.Time                // zero while the API server has never come through
}

var (
	buildInfo = prometheus.NewDesc("bucketwarden_build_info", "The build that is running; always 1.",
		[]string{"version", "revision", "go"}, nil)
	inFlight   = prometheus.NewDesc("bucketwarden_reviews_in_flight", "Reviews that are running.", nil, nil)
	waiting    = prometheus.NewDesc("bucketwarden_reviews_waiting", "Reviews that wait for their turn.", nil, nil)
	objects    = prometheus.NewDesc("bucketwarden_inventory_objects", "Objects that the inventory knows.", []string{"kind"}, nil)
	staleFor   = prometheus.NewDesc("bucketwarden_inventory_stale_seconds", "How long the watch of a kind has been failing.", []string{"kind"}, nil)
	expiry     = prometheus.NewDesc("bucketwarden_certificate_expiry_timestamp_seconds", "When a certificate expires.", []string{"certificate"}, nil)
	reachedAt  = prometheus.NewDesc("bucketwarden_reached_timestamp_seconds", "When a probe last came back through the API server.", nil, nil)
	broken     = prometheus.NewDesc("bucketwarden_configuration_broken", "Rulesets and Exemptions that are invalid and not in force; 1 each.", []string{"kind", "name"}, nil)
	stateDescs = []*prometheus.Desc{buildInfo, inFlight, waiting, objects, staleFor, expiry, reachedAt, broken}
)

// Describe implements prometheus.Collector.
func (s state) Describe(out chan<- *prometheus.Desc) {
	for _, d := range stateDescs {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (s state) Collect(out chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	gauge(buildInfo, 1, s.build.Version, s.build.Revision, s.build.Go)
	running, wait := s.load()
	gauge(inFlight, float64(running))
	gauge(waiting, float64(wait))
	for kind, n := range s.objects() {
		gauge(objects, float64(n), kind)
	}
	for kind, d := range s.stale() {
		gauge(staleFor, d.Seconds(), kind)
	}
	for key := range s.broken() {
		gauge(broken, 1, key.Kind, key.Name)
	}
	for name, t := range s.expiries() {
		gauge(expiry, seconds(t), name)
	}
	if t := s.reached(); !t.IsZero() {
		gauge(reachedAt, seconds(t))
	}
}

func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }
