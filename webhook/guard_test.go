package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-logr/logr"
	"github.com/go-logr/logr/funcr"
	"github.com/prometheus/client_golang/prometheus/testutil"
	admissionv1 "k8s.io/api/admission/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"
)

// guarded serves a handler behind a guard, which writes its log to log.
func guarded(t *testing.T, log io.Writer, handler http.HandlerFunc, change ...func(*guard)) *httptest.Server {
	t.Helper()
	lines := funcr.New(func(prefix, args string) { _, _ = io.WriteString(log, prefix+args+"\n") }, funcr.Options{})
	g := newGuard(lines, newMetrics(), 10*time.Millisecond, func() bool { return false })
	for _, f := range change {
		f(g)
	}
	server := httptest.NewServer(g.before(handler))
	t.Cleanup(server.Close)
	return server
}

func post(t *testing.T, server *httptest.Server, body io.Reader) (status int, text string, header http.Header) {
	t.Helper()
	resp, err := server.Client().Post(server.URL, "application/json", body)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // it was read
	all, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(all), resp.Header
}

func TestGuardSize(t *testing.T) {
	server := guarded(t, io.Discard, func(_ http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			t.Error(err)
		}
	})
	for name, c := range map[string]struct {
		body io.Reader
		want int
	}{
		"empty":             {strings.NewReader(""), http.StatusOK},
		"the longest":       {bytes.NewReader(make([]byte, maxBody)), http.StatusOK},
		"longer":            {bytes.NewReader(make([]byte, maxBody+1)), http.StatusRequestEntityTooLarge},
		"of unknown length": {io.MultiReader(strings.NewReader("{}")), http.StatusLengthRequired},
	} {
		if got, text, _ := post(t, server, c.body); got != c.want {
			t.Errorf("%s: %d %s, want %d", name, got, text, c.want)
		}
	}
}

// What is read at once is bounded; room comes back.
func TestGuardBodies(t *testing.T) {
	entered, leave := make(chan struct{}), make(chan struct{})
	server := guarded(t, io.Discard, func(http.ResponseWriter, *http.Request) {
		entered <- struct{}{}
		<-leave
	})
	body := make([]byte, maxBody)
	status := make(chan int)
	const room = maxBodies / maxBody
	for range room {
		go func() {
			got, _, _ := post(t, server, bytes.NewReader(body))
			status <- got
		}()
		<-entered
	}
	got, _, header := post(t, server, bytes.NewReader(body))
	if got != http.StatusTooManyRequests || header.Get("Retry-After") != "1" {
		t.Errorf("one too many: %d, Retry-After %q", got, header.Get("Retry-After"))
	}
	close(leave)
	for range room {
		if got := <-status; got != http.StatusOK {
			t.Errorf("%d", got)
		}
	}
	go func() { <-entered }()
	if got, _, _ := post(t, server, bytes.NewReader(body)); got != http.StatusOK {
		t.Errorf("afterwards: %d", got)
	}
}

// Where there is room nobody waits for it, not even no time at all.
func TestGuardRoom(t *testing.T) {
	server := guarded(t, io.Discard, func(http.ResponseWriter, *http.Request) {}, func(g *guard) { g.wait = 0 })
	if got, text, _ := post(t, server, strings.NewReader("{}")); got != http.StatusOK {
		t.Errorf("%d %s", got, text)
	}
}

// A body that does not come does not hold its place.
func TestGuardSlowBody(t *testing.T) {
	read := make(chan error, 1)
	server := guarded(t, io.Discard, func(_ http.ResponseWriter, r *http.Request) {
		_, err := io.Copy(io.Discard, r.Body)
		read <- err
	}, func(g *guard) { g.read = time.Millisecond })
	pipe, writer := io.Pipe()
	defer writer.Close() //nolint:errcheck // nobody reads on
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, pipe)
	if err != nil {
		t.Fatal(err)
	}
	req.ContentLength = 10
	go func() {
		if resp, err := server.Client().Do(req); err == nil {
			_ = resp.Body.Close()
		}
	}()
	var timeout interface{ Timeout() bool }
	if err := <-read; !errors.As(err, &timeout) || !timeout.Timeout() {
		t.Errorf("got %v", err)
	}
}

// A panic is answered, counted, and written down without what it was about.
func TestGuardPanic(t *testing.T) {
	var log bytes.Buffer
	m := newMetrics()
	before := testutil.ToFloat64(m.panics)
	server := guarded(t, &log, func(http.ResponseWriter, *http.Request) { panic("the secret document") })
	status, text, _ := post(t, server, strings.NewReader("{}"))
	if status != http.StatusInternalServerError || strings.Contains(text, "secret") {
		t.Errorf("%d %s", status, text)
	}
	if got := testutil.ToFloat64(m.panics) - before; got != 1 {
		t.Errorf("counted %v", got)
	}
	if s := log.String(); strings.Contains(s, "secret") || !strings.Contains(s, "guard_test.go") {
		t.Errorf("logged %s", s)
	}
}

// A connection of a server that is being shut down is not used again.
func TestGuardDraining(t *testing.T) {
	for _, draining := range []bool{false, true} {
		server := guarded(t, io.Discard, func(http.ResponseWriter, *http.Request) {}, func(g *guard) {
			g.draining = func() bool { return draining }
		})
		resp, err := server.Client().Post(server.URL, "", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.Close != draining {
			t.Errorf("draining %v: the connection closes: %v", draining, resp.Close)
		}
	}
}

// ask sends a webhook one request as the API server does and returns what it answers.
func ask(t *testing.T, handler admission.Handler) *admissionv1.AdmissionResponse {
	t.Helper()
	hook := &admission.Webhook{Handler: handler}
	req := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(admissionReview(t, []byte(`{}`))))
	req.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	hook.ServeHTTP(w, req)
	var out admissionv1.AdmissionReview
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%d %s: %v", w.Code, w.Body, err)
	}
	return out.Response
}

// A review that finds no place is refused in the way after which clients come again by themselves.
func TestHookSheds(t *testing.T) {
	m := newMetrics()
	h := handlers{metrics: m}
	q := newQueue(Limits{InFlight: 1})
	if !q.enter("somebody") {
		t.Fatal("there is no place at all")
	}
	counter := m.reviews.WithLabelValues(reviewHook, shed)
	before := testutil.ToFloat64(counter)
	hook := h.hook(reviewHook, q, func(context.Context, admission.Request) admission.Response { return admission.Allowed("") })
	resp := ask(t, hook)
	if resp.Allowed || resp.UID != "a" {
		t.Errorf("answered %+v", resp)
	}
	err := &apierrors.StatusError{ErrStatus: *resp.Result}
	if seconds, ok := apierrors.SuggestsClientDelay(err); !apierrors.IsTooManyRequests(err) || !ok || seconds != retryAfter {
		t.Errorf("clients see %+v", resp.Result)
	}
	if got := testutil.ToFloat64(counter) - before; got != 1 {
		t.Errorf("counted %v", got)
	}
	q.leave("somebody", 0)
	if resp := ask(t, hook); !resp.Allowed {
		t.Errorf("answered %+v with a free place", resp)
	}
}

// A review that panics gives its place back, and counts as failed.
func TestHookPanics(t *testing.T) {
	m := newMetrics()
	q := newQueue(Limits{InFlight: 1})
	counter := m.reviews.WithLabelValues(patchHook, failed)
	before := testutil.ToFloat64(counter)
	hook := handlers{metrics: m}.hook(patchHook, q, func(context.Context, admission.Request) admission.Response { panic("x") })
	func() {
		defer func() { _ = recover() }()
		hook.Handle(logr.NewContext(t.Context(), logr.Discard()), admission.Request{})
	}()
	if running, _ := q.load(); running != 0 {
		t.Errorf("%d run", running)
	}
	if got := testutil.ToFloat64(counter) - before; got != 1 {
		t.Errorf("counted %v", got)
	}
}
