package webhook

import (
	"time"

	"github.com/go-logr/logr"
	"go.opentelemetry.io/otel/trace"
	"k8s.io/client-go/rest"

	"github.com/bucketwarden/bucketwarden/webhook/review"
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
