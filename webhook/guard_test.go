package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
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
func guarded(t *testing.T, log io.Writer, handler answerer, change ...func(*guard)) *httptest.Server {
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
	came := 0
	server := guarded(t, io.Discard, func(_ http.ResponseWriter, _ *http.Request, body []byte) { came = len(body) })
	objects := func(n int) string { return "[" + strings.Repeat(`{"":0},`, n) + "0]" }
	for name, c := range map[string]struct {
		body string
		want int
		text string
	}{
		"empty":             {"", http.StatusOK, ""},
		"some":              {strings.Repeat("x", 1000), http.StatusOK, ""},
		"the longest":       {strings.Repeat("x", maxBody), http.StatusOK, ""},
		"longer":            {strings.Repeat("x", maxBody+1), http.StatusRequestEntityTooLarge, "the request is longer than 7340032 bytes"},
		"many values":       {objects(90_000), http.StatusOK, ""},
		"too many values":   {objects(110_000), http.StatusRequestEntityTooLarge, "the request has too many values: decoded it would take 53570099 bytes, and the limit is 50331648"},
		"empty lists":       {"[" + strings.Repeat("[[]],", maxBody/6) + "0]", http.StatusRequestEntityTooLarge, "the request has too many values"},
		"as deep as may be": {strings.Repeat("[", maxDepth) + strings.Repeat("]", maxDepth), http.StatusOK, ""},
		"deeper":            {strings.Repeat("[", maxDepth+1), http.StatusRequestEntityTooLarge, "the request is more than 100 levels deep"},
		"brackets in text":  {`{"a":"` + strings.Repeat(`[\"{`, 1000) + `"}`, http.StatusOK, ""},
	} {
		got, text, _ := post(t, server, strings.NewReader(c.body))
		if got != c.want || !strings.HasPrefix(text, c.text) || got == http.StatusOK && came != len(c.body) {
			t.Errorf("%s: %d %s, want %d %s; %d of %d bytes", name, got, text, c.want, c.text, came, len(c.body))
		}
	}
	if got, text, _ := post(t, server, io.MultiReader(strings.NewReader("{}"))); got != http.StatusLengthRequired {
		t.Errorf("of unknown length: %d %s", got, text)
	}
}

// Long requests leave room for others.
func TestGuardLongBodies(t *testing.T) {
	entered, leave := make(chan struct{}), make(chan struct{})
	server := guarded(t, io.Discard, func(_ http.ResponseWriter, _ *http.Request, body []byte) {
		if len(body) == maxBody {
			entered <- struct{}{}
			<-leave
		}
	})
	status := make(chan int)
	long := func() {
		got, _, _ := post(t, server, bytes.NewReader(make([]byte, maxBody)))
		status <- got
	}
	go long()
	<-entered
	go long()
	if got := <-status; got != http.StatusTooManyRequests {
		t.Errorf("another long one: %d", got)
	}
	if got, text, _ := post(t, server, bytes.NewReader(make([]byte, ordinaryBody))); got != http.StatusOK {
		t.Errorf("an ordinary one: %d %s", got, text)
	}
	close(leave)
	<-status
}

// Connections that say how much they will send and send nothing, or not all of it, hold nothing that others need.
func TestGuardIdle(t *testing.T) {
	idle := 0
	server := guarded(t, io.Discard, func(http.ResponseWriter, *http.Request, []byte) {})
	for i := range 64 {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		if _, err := fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", maxBody, strings.Repeat("x", i)); err == nil {
			idle++
		}
	}
	for range 16 {
		if got, text, _ := post(t, server, bytes.NewReader(make([]byte, ordinaryBody))); got != http.StatusOK {
			t.Fatalf("%d %s beside %d idle connections", got, text, idle)
		}
	}
}

// What is read at once is bounded; room comes back.
func TestGuardBodies(t *testing.T) {
	entered, leave := make(chan struct{}), make(chan struct{})
	server := guarded(t, io.Discard, func(http.ResponseWriter, *http.Request, []byte) {
		entered <- struct{}{}
		<-leave
	})
	body := make([]byte, ordinaryBody)
	status := make(chan int)
	const room = maxBodies / ordinaryBody
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
	server := guarded(t, io.Discard, func(http.ResponseWriter, *http.Request, []byte) {}, func(g *guard) { g.wait = 0 })
	if got, text, _ := post(t, server, strings.NewReader("{}")); got != http.StatusOK {
		t.Errorf("%d %s", got, text)
	}
}

// A body that does not come in time is not waited for, and the connection is of no use any more.
func TestGuardSlowBody(t *testing.T) {
	for name, late := range map[string]func(*guard){
		"all of it": func(g *guard) { g.read = time.Millisecond },
		"the next":  func(g *guard) { g.stalled = time.Millisecond },
	} {
		server := guarded(t, io.Discard, func(http.ResponseWriter, *http.Request, []byte) { t.Error("it came") }, late)
		pipe, writer := io.Pipe()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, pipe)
		if err != nil {
			t.Fatal(err)
		}
		req.ContentLength = 10
		resp, err := server.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(resp.Body)
		if resp.StatusCode != http.StatusRequestTimeout || string(text) != "of 10 bytes only 0 arrived in time\n" || !resp.Close {
			t.Errorf("%s: %d %q, closed: %v", name, resp.StatusCode, text, resp.Close)
		}
		_, _ = resp.Body.Close(), writer.Close()
	}
}

// The time for a body does not end the review of what has come.
func TestGuardReview(t *testing.T) {
	ended := make(chan error, 1)
	server := guarded(t, io.Discard, func(_ http.ResponseWriter, r *http.Request, _ []byte) {
		longer, cancel := context.WithTimeout(r.Context(), 100*time.Millisecond)
		defer cancel()
		<-longer.Done()
		ended <- r.Context().Err()
	}, func(g *guard) { g.read, g.stalled = 20*time.Millisecond, 20*time.Millisecond })
	if got, text, _ := post(t, server, strings.NewReader("{}")); got != http.StatusOK {
		t.Errorf("%d %s", got, text)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// A panic is answered, counted, and written down without what it was about.
func TestGuardPanic(t *testing.T) {
	var log bytes.Buffer
	m := newMetrics()
	before := testutil.ToFloat64(m.panics)
	server := guarded(t, &log, func(http.ResponseWriter, *http.Request, []byte) { panic("the secret document") })
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
		server := guarded(t, io.Discard, func(http.ResponseWriter, *http.Request, []byte) {}, func(g *guard) {
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
	w := httptest.NewRecorder()
	wire(logr.Discard(), handler)(w, httptest.NewRequest(http.MethodPost, "/", nil), admissionReview(t, []byte(`{}`)))
	var out admissionv1.AdmissionReview
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%d %s: %v", w.Code, w.Body, err)
	}
	return out.Response
}

// TestWire holds what is read to JSON of the one version that the configurations ask for.
func TestWire(t *testing.T) {
	const review = `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u","operation":"DELETE"}}`
	answer := wire(logr.Discard(), admission.HandlerFunc(func(_ context.Context, req admission.Request) admission.Response {
		return admission.Denied(string(req.Operation))
	}))
	for _, tt := range []struct {
		name, body string
		want       int
		text       string
	}{
		{"as the API server sends it", review, http.StatusOK, `{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","response":{"uid":"u","allowed":false,"status":{"metadata":{},"message":"DELETE","reason":"Forbidden","code":403}}}`},
		{"another version", strings.Replace(review, "/v1", "/v1beta1", 1), http.StatusBadRequest, "the request is not an AdmissionReview of admission.k8s.io/v1 with a request"},
		{"no request", `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"}`, http.StatusBadRequest, "the request is not an AdmissionReview of"},
		{"nothing", "", http.StatusBadRequest, "the request is not an AdmissionReview: "},
		{"YAML", `{apiVersion: admission.k8s.io/v1, kind: AdmissionReview, request: {uid: u, operation: &a DELETE, name: *a}}`, http.StatusBadRequest, "the request is not an AdmissionReview: "},
		{"more behind it", review + "{}", http.StatusBadRequest, "the request is not an AdmissionReview: "},
	} {
		w := httptest.NewRecorder()
		answer(w, httptest.NewRequest(http.MethodPost, "/", nil), []byte(tt.body))
		if w.Code != tt.want || !strings.HasPrefix(w.Body.String(), tt.text) {
			t.Errorf("%s: %d %s, want %d %s", tt.name, w.Code, w.Body, tt.want, tt.text)
		}
	}
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
