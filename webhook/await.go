package webhook

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/go-logr/logr"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	utilnet "k8s.io/apimachinery/pkg/util/net"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/rest"
)

// awaitTimeout is of one try.
const awaitTimeout = 5 * time.Second

// await returns once the API server answers, or refuses for a reason that waiting does not end. A replica that starts while it is
// away waits: it is there as soon as the API server is, and not when the kubelet's back-off says. Meanwhile it is alive, and not
// ready, at health.
func await(ctx context.Context, config *rest.Config, health string, log logr.Logger) error {
	config = rest.CopyConfig(config)
	config.Timeout = awaitTimeout
	c, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return err
	}
	stop := func() {}
	defer func() { stop() }()
	said := ""
	backoff := wait.Backoff{Duration: 100 * time.Millisecond, Factor: 1.5, Steps: 20, Cap: 5 * time.Second}
	return backoff.DelayFunc().Until(ctx, true, true, func(ctx context.Context) (bool, error) {
		_, err := c.ServerVersion()
		if err == nil || !away(err) {
			return true, nil // what else may be wrong, whoever asks next says better
		}
		if said == "" {
			end, err := serveAlive(ctx, health)
			if err != nil {
				return false, err
			}
			stop = end
		}
		if text := err.Error(); text != said {
			said = text
			log.Info("waiting for the API server", "error", text)
		}
		return false, nil
	})
}

// away reports whether an error says that the API server does not answer now.
func away(err error) bool {
	var dns *net.DNSError
	if errors.As(err, &dns) && dns.IsNotFound {
		return false
	}
	var network net.Error
	var status apierrors.APIStatus
	switch {
	case errors.As(err, &network), utilnet.IsProbableEOF(err):
		return true
	case errors.As(err, &status):
		return status.Status().Code >= http.StatusInternalServerError || apierrors.IsTooManyRequests(err)
	}
	return false
}

// serveAlive answers the kubelet at an address: alive, and not ready. "0" serves nothing.
func serveAlive(ctx context.Context, address string) (stop func(), err error) {
	if address == "0" || address == "" {
		return func() {}, nil
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("health checks: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") })
	mux.HandleFunc("/readyz", func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "waiting for the API server", http.StatusServiceUnavailable)
	})
	server := &http.Server{Handler: mux, ReadHeaderTimeout: awaitTimeout}
	go func() { _ = server.Serve(l) }() // until it is closed
	return func() { _ = server.Close() }, nil
}
