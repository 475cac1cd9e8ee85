package webhook

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/go-logr/logr"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/util/cert"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
	ctrlwebhook "sigs.k8s.io/controller-runtime/pkg/webhook"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"github.com/bucketwarden/bucketwarden/webhook/inventory"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// Options is what a server needs to start.
type Options struct {
	Config        *rest.Config // of the API server
	Port          int          // that the webhooks listen on
	MetricsAddr   string       // "0" for none
	HealthAddr    string       // "0" for none
	CertDir       string       // holds tls.crt and tls.key, read again when they change; unused with RegisterLocal
	LeaderElect   bool
	RegisterLocal bool // own both webhook configurations, under https://127.0.0.1:Port, with a certificate made for it
	Reviewer      review.Reviewer
	Denial        Denial
	Log           logr.Logger
	Reached       func() // called once the API server reaches the webhooks; only with RegisterLocal
}

// Serve answers admission requests until ctx ends. With RegisterLocal it removes the webhook configurations before it
// returns.
func Serve(ctx context.Context, o Options) error {
	serving := ctrlwebhook.Options{Port: o.Port, CertDir: o.CertDir}
	var ca []byte
	if o.RegisterLocal {
		pair, bundle, err := localCertificate()
		if err != nil {
			return err
		}
		ca = bundle
		serving.Host = localHost
		serving.TLSOpts = []func(*tls.Config){func(c *tls.Config) {
			c.GetCertificate = func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return pair, nil }
		}}
	}
	m, err := manager.New(o.Config, manager.Options{
		Cache:                  inventory.CacheOptions(),
		WebhookServer:          ctrlwebhook.NewServer(serving),
		Metrics:                metricsserver.Options{BindAddress: o.MetricsAddr},
		HealthProbeBindAddress: o.HealthAddr,
		LeaderElection:         o.LeaderElect,
		LeaderElectionID:       "bucketwarden.dev",
		Logger:                 o.Log,
	})
	if err != nil {
		return err
	}
	inv, err := inventory.Watch(m)
	if err != nil {
		return err
	}
	h := handlers{reviewer: o.Reviewer, inventory: inv.Index(), denial: o.Denial, metrics: newMetrics()}
	for path, handle := range map[string]admission.Handler{
		mutatePath:              admission.HandlerFunc(h.mutate),
		validatePath:            admission.HandlerFunc(h.validate),
		probePath(mutatePath):   probeHandler(mutatePath),
		probePath(validatePath): probeHandler(validatePath),
	} {
		m.GetWebhookServer().Register(path, &admission.Webhook{Handler: handle})
	}
	if err := errors.Join(
		m.AddReadyzCheck("inventory", inv.Ready),
		m.AddReadyzCheck("webhook", m.GetWebhookServer().StartedChecker()),
		m.AddHealthzCheck("webhook", m.GetWebhookServer().StartedChecker()),
	); err != nil {
		return err
	}
	if !o.RegisterLocal {
		return m.Start(ctx)
	}
	return serveRegistered(ctx, m, o, ca, inv)
}

// serveRegistered runs the manager with webhook configurations of its own, which it takes away at the end.
func serveRegistered(ctx context.Context, m manager.Manager, o Options, ca []byte, inv *inventory.Watcher) error {
	c, err := client.New(o.Config, client.Options{})
	if err != nil {
		return err
	}
	registration := NewRegistration("https://"+net.JoinHostPort(localHost, strconv.Itoa(o.Port)), ca)
	register := manager.RunnableFunc(func(ctx context.Context) error {
		if err := inv.WaitReady(ctx); err != nil {
			return ignoreEnd(ctx, err)
		}
		if err := registration.Apply(ctx, c); err != nil {
			return ignoreEnd(ctx, err)
		}
		if err := WaitReached(ctx, o.Config); err != nil {
			return ignoreEnd(ctx, err)
		}
		o.Reached()
		return nil
	})
	if err := m.Add(register); err != nil {
		return err
	}
	failed := m.Start(ctx)
	// ctx has ended by now, and the configurations must not outlive the server: an unreachable webhook that fails
	// closed would hold up every write.
	cleanup, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return errors.Join(failed, registration.Remove(cleanup, c))
}

// ignoreEnd turns an error that only says that the server is stopping into none.
func ignoreEnd(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

const localHost = "127.0.0.1"

// localCertificate makes a certificate for this machine and the PEM bundle that verifies it.
func localCertificate() (*tls.Certificate, []byte, error) {
	certificate, key, err := cert.GenerateSelfSignedCertKey(localHost, []net.IP{net.ParseIP(localHost)}, nil)
	if err != nil {
		return nil, nil, fmt.Errorf("serving certificate: %w", err)
	}
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return nil, nil, fmt.Errorf("serving certificate: %w", err)
	}
	return &pair, certificate, nil
}
