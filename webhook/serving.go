package webhook

import (
	"errors"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/go-logr/logr"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/propagation"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// now returns the reviewer with the configuration of this moment.
func (s *server) now() review.Reviewer {
	r := s.Reviewer
	r.Settings, r.Now = s.store.Set(), time.Now()
	return r
}

// register puts the handlers behind their paths.
func (s *server) register(m metrics) {
	h := handlers{now: s.now, store: s.store, inventory: s.inventory.Index(), denial: s.Denial, adopters: s.Adopters, metrics: m}
	log := s.Log.WithName("admission")
	guard := newGuard(s.Log, m, s.Limits.Wait, s.draining.Load)
	for path, handler := range map[string]admission.Handler{
		mutatePath:   h.hook(patchHook, s.queue, h.mutate),
		validatePath: h.hook(reviewHook, s.queue, h.validate),
		settingsPath: h.hook(settingsHook, newQueue(oneAtATime), h.configure),
	} {
		s.serveAt(path, guard.before(wire(log, handler)))
	}
	for _, path := range []string{mutatePath, validatePath} {
		s.serveAt(probePath(path), guard.before(answerProbe(log, path, s.prober.self)))
	}
}

func (s *server) serveAt(path string, handler http.Handler) {
	s.GetWebhookServer().Register(path, s.traced(path, handler))
}

func (s *server) traced(path string, next http.Handler) http.Handler {
	if s.Tracer == nil {
		return next
	}
	return otelhttp.NewHandler(next, path, otelhttp.WithTracerProvider(s.Tracer), otelhttp.WithPropagators(propagation.TraceContext{}))
}

// checks says when the server is ready: it knows the cluster, its certificate is the one that the API server expects, and
// the API server has come through. It is alive while it answers.
func (s *server) checks() error {
	serving := func(*http.Request) error {
		if s.draining.Load() {
			return errors.New("shutting down")
		}
		return nil
	}
	return errors.Join(
		s.AddReadyzCheck("serving", serving),
		s.AddReadyzCheck("inventory", telling(s.Log, "inventory", s.inventory.Ready)),
		s.AddReadyzCheck("certificate", telling(s.Log, "certificate", s.certificate.ready)),
		s.AddReadyzCheck("reached", telling(s.Log, "reached", s.prober.Ready)),
		s.AddHealthzCheck("ping", healthz.Ping),
	)
}

// telling is a check that says in the log why it fails, and when it does no more, each once: a kubelet asks all the time, and
// its answer has no reason.
func telling(log logr.Logger, name string, check healthz.Checker) healthz.Checker {
	var said atomic.Value
	said.Store("")
	return func(r *http.Request) error {
		err, why := check(r), ""
		if err != nil {
			why = err.Error()
		}
		switch before := said.Swap(why); {
		case why == before:
		case why == "":
			log.Info("ready", "check", name)
		default:
			log.Info("not ready", "check", name, "reason", why)
		}
		return err
	}
}

// collectors are of what this server knows, and go with it.
func (s *server) collectors() []prometheus.Collector {
	out := []prometheus.Collector{s.state()}
	if s.auditor != nil {
		out = append(out, s.auditor)
	}
	return out
}

func (s *server) state() state {
	return state{
		build: s.Build, load: s.queue.load, objects: s.inventory.Index().Objects, broken: s.config.Broken,
		stale:    func() map[string]time.Duration { return s.health.Stale(time.Now()) },
		expiries: s.certificate.expiries, reached: s.prober.Reached,
	}
}
