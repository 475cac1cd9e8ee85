package webhook

import (
	"fmt"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/go-logr/logr"
	"golang.org/x/sync/semaphore"
)

const (
	// maxBody is the longest request, in bytes: two objects of the API server's 3 MiB, and what comes with them.
	maxBody = 7 << 20
	// maxBodies bounds the bytes of all requests that have come and are not answered. Of each, what is beyond the first
	// ordinaryBody counts towards maxLongBodies as well, so that a few long ones leave room for the others.
	maxBodies, maxLongBodies, ordinaryBody = 16 << 20, 8 << 20, 256 << 10
	// readTime is the longest that a request may take to arrive, and stallTime that nothing of it does. writeTime is more than
	// the API server waits for any answer of a webhook.
	readTime, stallTime, writeTime = 5 * time.Second, time.Second, 30 * time.Second
)

// guard stands between the network and the handlers: it bounds the size of requests, one by one and together, what they come
// to when they are decoded, the time that they take to arrive, and contains panics. What has not come yet holds nothing.
type guard struct {
	log           logr.Logger
	metrics       metrics
	bodies, long  *semaphore.Weighted
	decoded       *semaphore.Weighted // bytes, see weigh
	wait          time.Duration       // for room
	read, stalled time.Duration
	draining      func() bool
}

func newGuard(log logr.Logger, m metrics, wait time.Duration, draining func() bool) *guard {
	return &guard{
		log: log, metrics: m, wait: wait, read: readTime, stalled: stallTime, draining: draining,
		bodies: semaphore.NewWeighted(maxBodies), long: semaphore.NewWeighted(maxLongBodies), decoded: semaphore.NewWeighted(maxDecoded),
	}
}

// answerer answers a request whose body has come.
type answerer func(w http.ResponseWriter, r *http.Request, body []byte)

// before returns next behind the guard.
func (g *guard) before(next answerer) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// A connection that is kept alive until the server closes it may lose the request that was just being sent.
		if g.draining() {
			w.Header().Set("Connection", "close")
		}
		defer g.contain(w, r)
		held := &held{guard: g}
		defer held.release()
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(writeTime)) // a recorder in a test has no deadlines
		body, refused := held.receive(w, r)
		if refused == nil {
			refused = held.decode(r.Context(), body)
		}
		if refused != nil {
			refused.answer(w)
			return
		}
		next(w, r, body)
	})
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
	http.Error(w, "the review panicked; the webhook's log has the stack", http.StatusInternalServerError)
}
