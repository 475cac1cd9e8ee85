package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// verdict is what became of a request.
type verdict string

const (
	right    verdict = "right"
	again    verdict = "again" // no answer: to be asked again
	admitted verdict = "wrongly admitted"
	refused  verdict = "wrongly refused"
	// unpatched objects are stored as they were sent although a fix was known: the mutating webhook fails open.
	unpatched verdict = "unpatched"
	lost      verdict = "lost"
)

// request is one call of the API server, and the answer that it must get.
type request struct {
	verb   string // create, update or delete
	dryRun bool
	object *unstructured.Unstructured
	policy []string // field of the document, nil without one
	want   answer
}

func (r request) String() string {
	return fmt.Sprintf("%s %s %s (dry-run %v)", r.verb, r.object.GetKind(), r.object.GetName(), r.dryRun)
}

// result is what became of a request.
type result struct {
	verdict verdict
	first   bool     // right without a second try, of ours or of client-go
	why     []string // it was asked again
	detail  string   // of what is wrong
	took    time.Duration
}

// The retries of a client that wants its way, as any GitOps tool does.
const (
	budget         = 40 * time.Second // for one request
	attemptTimeout = 10 * time.Second
)

// trips collects what the API server answered to one request, retries of client-go included.
type trips struct {
	mu  sync.Mutex
	why []string // of each answer that client-go has tried again by itself
	n   int
}

type tripsKey struct{}

// counting is a RoundTripper that notes each trip.
type counting struct{ http.RoundTripper }

func (c counting) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := c.RoundTripper.RoundTrip(r)
	if t, ok := r.Context().Value(tripsKey{}).(*trips); ok {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.n++
		if err == nil && resp.Header.Get("Retry-After") != "" {
			t.why = append(t.why, fmt.Sprint(resp.StatusCode, " with Retry-After"))
		}
	}
	return resp, err
}

// ask makes a request until it is answered, and tells what became of it and why it was asked again.
func ask(ctx context.Context, c client.Client, r request) result {
	began, seen := time.Now(), &trips{}
	ctx = context.WithValue(ctx, tripsKey{}, seen)
	out := result{verdict: lost}
	backoff := wait.Backoff{Duration: 100 * time.Millisecond, Factor: 1.5, Jitter: 0.2, Steps: 1000, Cap: 2 * time.Second}
	for attempt := 0; time.Since(began) < budget && ctx.Err() == nil; attempt++ {
		got, err := r.send(ctx, c)
		v, why := r.judge(got, err, attempt > 0)
		if v == again && apierrors.IsAlreadyExists(err) {
			got = r.object.DeepCopy()
			if err = c.Get(ctx, client.ObjectKeyFromObject(got), got); err == nil {
				v, why = r.judge(got, nil, true)
			}
		}
		if v != again {
			out.verdict, out.why = v, append(out.why, seen.why...)
			if v == admitted || v == refused {
				out.detail = fmt.Sprintf("%s: %s: want %+v, got %s", v, r, r.want, why)
			}
			break
		}
		out.why = append(out.why, why)
		time.Sleep(backoff.Step())
	}
	if n := len(out.why); out.verdict == lost && n > 0 {
		out.detail = fmt.Sprintf("%s: %s: asked %d times, at last: %s", lost, r, n, out.why[n-1])
	}
	out.took, out.first = time.Since(began), out.verdict == right && seen.n == 1
	return out
}

func (r request) send(ctx context.Context, c client.Client) (*unstructured.Unstructured, error) {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	obj := r.object.DeepCopy()
	switch {
	case r.verb == "delete":
		return obj, c.Delete(ctx, obj)
	case r.verb == "create" && r.dryRun:
		return obj, c.Create(ctx, obj, client.DryRunAll)
	case r.verb == "create":
		return obj, c.Create(ctx, obj)
	}
	text, err := obj.MarshalJSON()
	if err != nil {
		return nil, err
	}
	patch := client.RawPatch(types.MergePatchType, text)
	if r.dryRun {
		return obj, c.Patch(ctx, obj, patch, client.DryRunAll)
	}
	return obj, c.Patch(ctx, obj, patch)
}

// judge says what an answer is worth, and what it says.
func (r request) judge(got *unstructured.Unstructured, err error, retried bool) (verdict, string) {
	if err == nil {
		return r.judgeSuccess(got)
	}
	var status apierrors.APIStatus
	if !errors.As(err, &status) {
		return again, cause(err.Error())
	}
	s := status.Status()
	switch {
	case s.Code == http.StatusTooManyRequests: // whoever says so
		return again, "429 " + cause(s.Message)
	case strings.Contains(s.Message, "denied the request"):
		if s.Details != nil && r.want.rule != "" {
			for _, c := range s.Details.Causes {
				if string(c.Type) == r.want.rule {
					return right, ""
				}
			}
		}
		return refused, s.Message
	case r.verb == "delete" && retried && apierrors.IsNotFound(err):
		return right, ""
	}
	if s.Code < http.StatusInternalServerError {
		return again, fmt.Sprintf("%d %s", s.Code, s.Reason)
	}
	return again, fmt.Sprintf("%d %s", s.Code, cause(s.Message))
}

func (r request) judgeSuccess(got *unstructured.Unstructured) (verdict, string) {
	if r.want.rule != "" {
		return admitted, "success"
	}
	if r.verb == "delete" || r.policy == nil {
		return right, ""
	}
	sent, _, _ := unstructured.NestedString(r.object.Object, r.policy...)
	stored, _, _ := unstructured.NestedString(got.Object, r.policy...)
	switch stored {
	case r.want.policy:
		return right, ""
	case sent:
		return unpatched, ""
	}
	return admitted, stored
}

// cause shortens a message to what tells causes apart: no addresses, no names of objects.
func cause(message string) string {
	webhook := ""
	if _, after, ok := strings.Cut(message, `failed calling webhook "`); ok {
		webhook, _, _ = strings.Cut(after, `"`)
		webhook += ": "
	}
	if i := strings.LastIndex(message, ": "); i >= 0 {
		message = message[i+2:]
	}
	return webhook + message
}
