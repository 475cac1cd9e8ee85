package webhook

import (
	"context"
	"net/http"
	"time"

	"github.com/go-logr/logr"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"github.com/bucketwarden/bucketwarden/policy/plain"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// The webhooks by the names of their metrics: the first label of their names in the configurations.
const (
	patchHook    = "patch"
	reviewHook   = "review"
	settingsHook = "settings"
)

// What reviews_total counts beside verdicts.
const (
	shed   = "Shed"   // not reviewed, come again
	failed = "Failed" // panicked
)

// retryAfter is what a client waits after a review was shed, in seconds.
const retryAfter = 1

// hook serves one webhook: each review in its turn, counted and measured.
func (h handlers) hook(name string, q *queue, handle admission.HandlerFunc) admission.Handler {
	return admission.HandlerFunc(func(ctx context.Context, req admission.Request) (resp admission.Response) {
		start, verdict := time.Now(), failed
		defer func() {
			took := time.Since(start)
			h.metrics.reviews.WithLabelValues(name, verdict).Inc()
			h.metrics.duration.WithLabelValues(name).Observe(took.Seconds())
			trail(ctx, name, verdict, req, took)
		}()
		flow := flowOf(req)
		if !q.enter(flow) {
			verdict = shed
			return tryAgain()
		}
		runs := time.Now()
		defer func() { q.leave(flow, time.Since(runs)) }()
		resp = plainly(handle(ctx, req))
		verdict = string(verdictOf(resp))
		return resp
	})
}

// plainly makes what an answer says fit for a terminal, a header and a log: names and documents are strangers'. Whoever puts
// their words into a message of many lines has put them on one line before.
func plainly(resp admission.Response) admission.Response {
	for i, w := range resp.Warnings {
		resp.Warnings[i] = plain.Line(w)
	}
	for key, value := range resp.AuditAnnotations {
		resp.AuditAnnotations[key] = plain.Line(value)
	}
	if resp.Result == nil {
		return resp
	}
	resp.Result.Message = plain.Text(resp.Result.Message)
	if resp.Result.Details != nil {
		for i, c := range resp.Result.Details.Causes {
			resp.Result.Details.Causes[i] = metav1.StatusCause{Type: c.Type, Message: plain.Line(c.Message), Field: plain.Line(c.Field)}
		}
	}
	return resp
}

// flowOf returns who a review is for. One person's namespaces are apart, as a GitOps tool writes for many teams.
func flowOf(req admission.Request) string { return req.UserInfo.Username + "\x00" + req.Namespace }

// tryAgain sheds a review, in the mutating webhook too: an object that slips by unpatched under load would differ from
// the same object an hour later. Clients obey Retry-After without being told to.
func tryAgain() admission.Response {
	return admission.Response{AdmissionResponse: admissionv1.AdmissionResponse{Result: &metav1.Status{
		Status: metav1.StatusFailure, Code: http.StatusTooManyRequests, Reason: metav1.StatusReasonTooManyRequests,
		Message: "bucketwarden has too much to review at once; try again",
		Details: &metav1.StatusDetails{RetryAfterSeconds: retryAfter},
	}}}
}

// verdictOf reads a verdict off the answer to the API server.
func verdictOf(resp admission.Response) review.Verdict {
	switch {
	case !resp.Allowed:
		return review.Deny
	case len(resp.Patches) > 0:
		return review.Patch
	case len(resp.Warnings) > 0:
		return review.Warn
	}
	return review.Admit
}

// logRequest says in every log line of a request which one it is.
func logRequest(base logr.Logger, req *admission.Request) logr.Logger {
	return base.WithValues("uid", req.UID, "user", req.UserInfo.Username, "operation", req.Operation,
		"kind", req.Kind.Kind, "namespace", req.Namespace, "name", req.Name)
}

// trail says in the log and in the trace what became of a request; a document never reaches either.
func trail(ctx context.Context, name, verdict string, req admission.Request, took time.Duration) {
	log := logr.FromContextOrDiscard(ctx)
	if verdict == string(review.Admit) {
		log = log.V(1)
	}
	log.Info("reviewed", "webhook", name, "verdict", verdict, "seconds", took.Seconds())
	trace.SpanFromContext(ctx).SetAttributes(
		attribute.String("bucketwarden.webhook", name), attribute.String("bucketwarden.verdict", verdict),
		attribute.String("k8s.admission.uid", string(req.UID)), attribute.String("k8s.kind", req.Kind.Kind),
		attribute.String("k8s.namespace.name", req.Namespace), attribute.String("k8s.object.name", req.Name),
	)
}
