package webhook

import (
	"context"
	"fmt"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/go-logr/logr"
	"golang.org/x/sync/semaphore"
)

const (
	// maxBody is the longest request, in bytes: two objects of the API server's 3 MiB, and what comes with them.
	maxBody = 7 << 20
	// maxBodies bounds the bytes of all requests that are being read or reviewed. Decoded they take several times that.
	maxBodies = 24 << 20
	// readTime and writeTime are more than the API server waits for any answer of a webhook.
	readTime, writeTime = 5 * time.Second, 30 * time.Second
)

// guard stands between the network and the handlers: it bounds the size of requests, one by one and together, the time
// that they take to arrive, and contains panics.
type guard struct {
	log      logr.Logger
	metrics  metrics
	bodies   *semaphore.Weighted
	wait     time.Duration // for room among bodies
	read     time.Duration
	draining func() bool
}

func newGuard(log logr.Logger, m metrics, wait time.Duration, draining func() bool) *guard {
	return &guard{
		log: log, metrics: m, bodies: semaphore.NewWeighted(maxBodies), wait: wait, read: readTime, draining: draining,
	}
}

// before returns next behind the guard.
func (g *guard) before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// A connection that is kept alive until the server closes it may lose the request that was just being sent.
		if g.draining() {
			w.Header().Set("Connection", "close")
		}
		if status, text := checkLength(r.ContentLength); status != 0 {
			http.Error(w, text, status)
			return
		}
		if !g.room(r.Context(), r.ContentLength) {
			w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
			http.Error(w, "too many requests at once", http.StatusTooManyRequests)
			return
		}
		defer g.bodies.Release(r.ContentLength)
		defer g.contain(w, r)
		control := http.NewResponseController(w)
		now := time.Now()
		_ = control.SetReadDeadline(now.Add(g.read)) // a recorder in a test has no deadlines
		_ = control.SetWriteDeadline(now.Add(writeTime))
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		next.ServeHTTP(w, r)
	})
}

// room takes room for n bytes, and waits for it where there is none.
func (g *guard) room(ctx context.Context, n int64) bool {
	if g.bodies.TryAcquire(n) { // Acquire would refuse where the time is up, though there is room
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, g.wait)
	defer cancel()
	return g.bodies.Acquire(ctx, n) == nil
}

// checkLength tells what a request of n bytes is answered; 0 for one that may be read. The API server always says how
// long a request is.
func checkLength(n int64) (status int, text string) {
	switch {
	case n < 0:
		return http.StatusLengthRequired, "the length of the request is missing"
	case n > maxBody:
		return http.StatusRequestEntityTooLarge, fmt.Sprintf("the request is longer than %d bytes", maxBody)
	}
	return 0, ""
}

// contain answers 500 for a panic, so that the failure policy of the webhook decides: we broke, and said nothing about
// the object. The value of a panic may quote a document; the stack does not.
func (g *guard) contain(w http.ResponseWriter, r *http.Request) {
	broken := recover()
	if broken == nil {
		return
	}
	g.metrics.panics.Inc()
	g.log.Error(fmt.Errorf("panic of type %T", broken), "contained", "path", r.URL.Path, "stack", string(debug.Stack()))
	http.Error(w, "the review broke; its log says where", http.StatusInternalServerError)
}
