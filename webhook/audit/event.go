package audit

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/util/flowcontrol"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

const (
	// Events a second, and at once: what goes beyond is dropped, as the reports have it all.
	eventQPS, eventBurst = 5, 50
	mostNote             = 230 // characters of a note, of at most four bytes each: the API server takes 1,024 bytes
)

// events writes Events itself: a recorder would join those of one reason on one object, and keep the words of the first.
type events struct {
	client   client.Client
	limit    flowcontrol.RateLimiter
	instance string
	count    *prometheus.CounterVec // by result
}

func newEvents(c client.Client, count *prometheus.CounterVec) *events {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return &events{
		client: c, limit: flowcontrol.NewTokenBucketRateLimiter(eventQPS, eventBurst), count: count,
		instance: name + "-" + host[:min(len(host), 100)],
	}
}

// reasons are those of Events, by the verdict.
var reasons = map[string]string{
	string(review.Deny): "PolicyDenied", string(review.Patch): "PolicyWarned", string(review.Warn): "PolicyWarned", failed: "PolicyFailed",
}

// tell writes an Event on an object if there is something to say. Its name follows from the results, so that two leaders
// do not say the same.
func (e *events) tell(ctx context.Context, o outcome, r report) {
	reason, bad := reasons[o.verdict()]
	if !bad {
		return
	}
	if !e.limit.TryAccept() {
		e.count.WithLabelValues(dropped).Inc()
		return
	}
	event := &eventsv1.Event{
		ObjectMeta:          metav1.ObjectMeta{Namespace: o.object.Namespace, Name: r.GetName() + "." + r.digest.results.String()[:16]},
		EventTime:           metav1.NewMicroTime(time.Now()),
		ReportingController: name + ".dev/audit", ReportingInstance: e.instance,
		Type: corev1.EventTypeWarning, Reason: reason, Action: "Audit", Regarding: o.object, Note: o.note(),
	}
	if event.Namespace == "" {
		event.Namespace = metav1.NamespaceDefault
	}
	err := e.client.Create(ctx, event)
	switch {
	case err == nil:
		e.count.WithLabelValues(written).Inc()
	case !apierrors.IsAlreadyExists(err):
		e.count.WithLabelValues(failed).Inc()
	}
}

// note says the worst in one line, and how much else somebody would be warned of.
func (o outcome) note() string {
	if o.err != nil {
		return review.Line(o.err.Error(), mostNote)
	}
	findings := slices.DeleteFunc(o.findings(), func(f review.Finding) bool { return f.Action <= policy.Audit })
	out := findings[0].TextWithin(mostNote)
	if more := len(findings) - 1; more > 0 {
		out += fmt.Sprintf("; and %d more", more)
	}
	return out
}
