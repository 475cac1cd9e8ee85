//go:build e2e

package e2e

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-logr/logr"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
	ctrlwebhook "sigs.k8s.io/controller-runtime/pkg/webhook"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
	"github.com/bucketwarden/bucketwarden/webhook/certs"
)

// rotated is the name of all that the tests of certificates make: namespace, Service, Secret, role and configurations.
const rotated = "rotated"

// rotation is two replicas with certificates of their own behind one Service.
type rotation struct {
	*testing.T
	client.Client
	port     int
	replicas []*replica
}

type replica struct {
	*certs.Source
	address    string
	handshakes atomic.Int64
}

func newRotation(t *testing.T) *rotation {
	t.Helper()
	config := rest.CopyConfig(suite.Config)
	config.QPS = -1
	c, err := client.New(config, client.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := &rotation{T: t, Client: c}
	t.Cleanup(r.clean)
	r.replicas = []*replica{{}, {}}
	r.balance()
	r.install()
	for _, replica := range r.replicas {
		r.start(replica)
	}
	r.until("ready", r.ready)
	r.until("reached", r.request)
	return r
}

// start runs one replica with no more rights than it will have in a cluster.
func (r *rotation) start(replica *replica) {
	r.Helper()
	port, err := cluster.FreePort()
	if err != nil {
		r.Fatal(err)
	}
	replica.address = net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	config := rest.CopyConfig(suite.Config)
	config.Impersonate.UserName = rotated
	o := certs.Options{
		Namespace: rotated, Secret: rotated, Services: []string{rotated}, Configuration: rotated,
		CADuration: time.Hour, LeafDuration: 6 * time.Second,
	}
	var kept cache.Options
	certs.CacheOptions(o, &kept)
	m, err := manager.New(config, manager.Options{
		Cache: kept, Logger: logr.Discard(), Metrics: metricsserver.Options{BindAddress: "0"}, HealthProbeBindAddress: "0",
		WebhookServer: ctrlwebhook.NewServer(ctrlwebhook.Options{
			Host: "127.0.0.1", Port: port, TLSOpts: []func(*tls.Config){func(c *tls.Config) {
				c.NextProtos = []string{"http/1.1"}
				c.GetCertificate = func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
					replica.handshakes.Add(1)
					return replica.GetCertificate(hello)
				}
			}},
		}),
	})
	if err != nil {
		r.Fatal(err)
	}
	allow := &admission.Webhook{Handler: admission.HandlerFunc(func(context.Context, admission.Request) admission.Response {
		return admission.Allowed("")
	})}
	m.GetWebhookServer().Register("/", http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Connection", "close") // a handshake for every request
		allow.ServeHTTP(w, req)
	}))
	if replica.Source, err = certs.Add(m, o); err != nil {
		r.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context()))
	ended := make(chan error, 1)
	go func() { ended <- m.Start(ctx) }()
	r.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			r.Error(err)
		}
	})
}

// balance takes connections in front of the replicas and gives them to one after the other, as a Service does.
func (r *rotation) balance() {
	r.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		r.Fatal(err)
	}
	r.port = l.Addr().(*net.TCPAddr).Port
	r.Cleanup(func() { _ = l.Close() }) // ends the loop below
	go func() {
		for next := 0; ; next++ {
			in, err := l.Accept()
			if err != nil {
				return // closed
			}
			go join(in, r.replicas[next%len(r.replicas)].address)
		}
	}()
}

// join passes on what comes until both sides have said all they have to say.
func join(in net.Conn, address string) {
	defer in.Close() //nolint:errcheck // both ends have closed by then, or never answered
	out, err := net.Dial("tcp", address)
	if err != nil {
		return // the one who called sees that nobody answers
	}
	defer out.Close() //nolint:errcheck // as above
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		pass(in, out)
	}()
	pass(out, in)
	<-ended
}

func pass(from, to net.Conn) {
	_, _ = io.Copy(to, from) // how it ended is for both ends to say
	_ = to.(*net.TCPConn).CloseWrite()
}
