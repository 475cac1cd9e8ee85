package webhook

import (
	"context"
	"errors"
	"net"
	"net/http"
	"runtime/debug"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/go-logr/logr"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
	"k8s.io/client-go/rest"
	"k8s.io/utils/ptr"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	ctrlmetrics "sigs.k8s.io/controller-runtime/pkg/metrics"
	"sigs.k8s.io/controller-runtime/pkg/metrics/filters"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
	ctrlwebhook "sigs.k8s.io/controller-runtime/pkg/webhook"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"github.com/bucketwarden/bucketwarden/webhook/audit"
	"github.com/bucketwarden/bucketwarden/webhook/inventory/watch"
	"github.com/bucketwarden/bucketwarden/webhook/review"
	"github.com/bucketwarden/bucketwarden/webhook/settings"
)

// Options is what a server needs to start.
type Options struct {
	Config        *rest.Config // of the API server
	Namespace     string       // the server's own: of the probe, the lease and the CA
	Port          int          // that the webhooks listen on
	MetricsAddr   string       // "0" for none
	MetricsSecure bool         // metrics over TLS, for those whom the API server authorizes
	HealthAddr    string       // "0" for none
	PprofAddr     string       // "" for none
	Certificate   Certificate
	LeaderElect   bool
	RegisterLocal bool          // own both webhook configurations, under https://127.0.0.1:Port, with a certificate made for it
	ShutdownDelay time.Duration // from the end of ctx, at which the server stops being ready, until it stops serving
	Limits        Limits
	Reviewer      review.Reviewer
	Denial        Denial
	Adopters      []string // users by which ACK's controllers write; see DefaultAdopters
	Audit         Audit
	Tracer        trace.TracerProvider // nil for none
	Build         Build
	Log           logr.Logger
	Reached       func() // called once the API server reaches the webhooks; may be nil
}

// DefaultAdopters returns the users by which ACK's controllers write, as their charts make them in the namespace of ACK's
// documentation. They alone may fill an object with what is live in AWS.
//
// https://aws-controllers-k8s.github.io/community/docs/user-docs/install/
func DefaultAdopters() []string {
	const account = "system:serviceaccount:ack-system:ack-"
	return []string{account + "s3-controller", account + "s3control-controller", account + "iam-controller"}
}

// DefaultShutdownDelay is longer than a cluster usually takes to notice that an endpoint is no longer ready.
const DefaultShutdownDelay = 5 * time.Second

// Build says which build a server is.
type Build struct{ Version, Revision, Go string }

// server is a server that is being put together.
type server struct {
	Options
	manager.Manager
	certificate certificate
	health      *watch.Health
	inventory   *watch.Watcher
	store       *settings.Store
	config      *configuration
	auditor     *audit.Auditor // nil for none
	prober      *prober
	queue       *queue
	local       *Registration // with RegisterLocal
	draining    atomic.Bool
}

// Serve answers admission requests until ctx ends, and then those that still come until nobody sends any. With
// RegisterLocal it removes the webhook configurations before it returns.
func Serve(ctx context.Context, o Options) error {
	s := &server{
		Options: o, health: &watch.Health{}, queue: newQueue(o.Limits), store: settings.NewStore(o.Reviewer.Rules),
	}
	if err := s.assemble(); err != nil {
		return err
	}
	if err := s.checks(); err != nil {
		return err
	}
	metrics := newMetrics()
	s.register(metrics)
	for _, c := range s.collectors() {
		if err := ctrlmetrics.Registry.Register(c); err != nil {
			return err
		}
		defer ctrlmetrics.Registry.Unregister(c)
	}
	run, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	drained := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(drained)
		s.drain(run)
		cancel()
	})
	failed := s.Start(run)
	if !stop() {
		<-drained
	}
	return errors.Join(failed, s.unregister(run)) // again: it may have stopped while it started
}

// assemble makes the manager and what runs in it.
func (s *server) assemble() (err error) {
	if s.certificate, err = s.newCertificate(); err != nil {
		return err
	}
	serving := ctrlwebhook.Options{Port: s.Port, TLSOpts: s.certificate.tls()}
	if s.RegisterLocal {
		serving.Host = localHost
	}
	metrics := metricsserver.Options{BindAddress: s.MetricsAddr}
	if s.MetricsSecure {
		metrics.SecureServing, metrics.TLSOpts = true, s.certificate.tls()
		metrics.FilterProvider = filters.WithAuthenticationAndAuthorization
	}
	caches := watch.CacheOptions(s.health)
	s.certificate.prepare(&caches)
	s.Manager, err = manager.New(s.Config, manager.Options{
		Cache:                         caches,
		WebhookServer:                 ctrlwebhook.NewServer(serving),
		Metrics:                       metrics,
		HealthProbeBindAddress:        s.HealthAddr,
		PprofBindAddress:              s.PprofAddr,
		LeaderElection:                s.LeaderElect,
		LeaderElectionID:              "bucketwarden.dev",
		LeaderElectionNamespace:       s.Namespace,
		LeaderElectionReleaseOnCancel: true,
		// Who loses the lease ends, and with it answers no requests: not because etcd is slow for some seconds.
		LeaseDuration: ptr.To(time.Minute), RenewDeadline: ptr.To(45 * time.Second), RetryPeriod: ptr.To(5 * time.Second),
		Logger: s.Log,
	})
	if err != nil {
		return err
	}
	if err := s.certificate.addTo(s.Manager); err != nil {
		return err
	}
	s.config = newConfiguration(s.store, s.GetAPIReader(), s.Log)
	if s.inventory, err = watch.New(s.Manager, s.config.kinds()...); err != nil {
		return err
	}
	if s.Audit.Enabled {
		if err := s.addAuditor(); err != nil {
			return err
		}
	}
	if s.prober, err = newProber(s.Config, s.Namespace, s.Log); err != nil {
		return err
	}
	if s.RegisterLocal {
		s.local = NewRegistration("https://"+net.JoinHostPort(localHost, strconv.Itoa(s.Port)), s.certificate.bundle)
	}
	s.prober.before, s.prober.first = s.reachable, s.reached
	return s.Add(s.prober)
}

// reachable returns when the API server can be expected to get through.
func (s *server) reachable(ctx context.Context) error {
	if err := s.inventory.WaitReady(ctx); err != nil || !s.RegisterLocal {
		return err
	}
	c, err := client.New(s.Config, client.Options{})
	if err != nil {
		return err
	}
	return s.local.Apply(ctx, c)
}

// reached says once that the server is in service.
func (s *server) reached() {
	debug.FreeOSMemory() // what it took to start is garbage, and a server that nobody asks does not collect it
	s.Log.Info("reached through the API server")
	if s.Reached != nil {
		s.Reached()
	}
}

// now returns the reviewer with the configuration of this moment.
func (s *server) now() review.Reviewer {
	r := s.Reviewer
	r.Settings, r.Now = s.store.Set(), time.Now()
	return r
}

// register puts the handlers behind their paths.
func (s *server) register(m metrics) {
	h := handlers{now: s.now, store: s.store, inventory: s.inventory.Index(), denial: s.Denial, adopters: s.Adopters, metrics: m}
	guard := newGuard(s.Log, m, s.Limits.Wait, s.draining.Load)
	for path, handler := range map[string]admission.Handler{
		mutatePath:              h.hook(patchHook, s.queue, h.mutate),
		validatePath:            h.hook(reviewHook, s.queue, h.validate),
		settingsPath:            h.hook(settingsHook, newQueue(oneAtATime), h.configure),
		probePath(mutatePath):   probeHandler(mutatePath),
		probePath(validatePath): probeHandler(validatePath),
	} {
		s.GetWebhookServer().Register(path, s.traced(path, guard.before(wire(s.Log.WithName("admission"), handler))))
	}
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
	return errors.Join(
		s.AddReadyzCheck("serving", func(*http.Request) error {
			if s.draining.Load() {
				return errors.New("shutting down")
			}
			return nil
		}),
		s.AddReadyzCheck("inventory", s.inventory.Ready),
		s.AddReadyzCheck("certificate", s.certificate.ready),
		s.AddReadyzCheck("reached", s.prober.Ready),
		s.AddHealthzCheck("ping", healthz.Ping),
	)
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

// drain takes the server out of service: whoever balances the load sees that it is not ready, and sends what comes next
// to others. It goes on serving for ShutdownDelay, as they take a while to notice.
func (s *server) drain(ctx context.Context) {
	s.draining.Store(true)
	s.Log.Info("shutting down", "delay", s.ShutdownDelay.String())
	if err := s.unregister(ctx); err != nil {
		s.Log.Error(err, "removing the webhook configurations") // Serve tries again, and returns why
	}
	timer := time.NewTimer(s.ShutdownDelay)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// unregister removes the webhook configurations of RegisterLocal. They must not outlive the server: an unreachable
// webhook that fails closed would hold up every write.
func (s *server) unregister(ctx context.Context) error {
	if s.local == nil {
		return nil
	}
	c, err := client.New(s.Config, client.Options{})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return s.local.Remove(ctx, c)
}

// ignoreEnd turns an error that only says that the server is stopping into none.
func ignoreEnd(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}
