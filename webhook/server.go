package webhook

import (
	"context"
	"errors"
	"net"
	"runtime/debug"
	"strconv"
	"sync/atomic"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	ctrlmetrics "sigs.k8s.io/controller-runtime/pkg/metrics"
	"sigs.k8s.io/controller-runtime/pkg/metrics/filters"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
	ctrlwebhook "sigs.k8s.io/controller-runtime/pkg/webhook"

	"github.com/bucketwarden/bucketwarden/webhook/audit"
	"github.com/bucketwarden/bucketwarden/webhook/inventory/watch"
	"github.com/bucketwarden/bucketwarden/webhook/settings"
)

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
	if err := await(ctx, o.Config, o.HealthAddr, o.Log); err != nil {
		return ignoreEnd(ctx, err)
	}
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
		Cache:                  caches,
		WebhookServer:          ctrlwebhook.NewServer(serving),
		Metrics:                metrics,
		HealthProbeBindAddress: s.HealthAddr,
		PprofBindAddress:       s.PprofAddr,
		Logger:                 s.Log,
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
	s.store.OnChange(func() { s.inventory.Declare(s.store.Set().Declared()) })
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
