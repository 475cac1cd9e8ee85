package webhook

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-logr/logr"
	"github.com/go-logr/logr/funcr"
	"k8s.io/client-go/rest"
)

// unused returns an address of this machine at which nobody listens.
func unused(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // nobody has called
	return l.Addr().String()
}

// A server that starts while the API server is away is alive and not ready, and goes on when it is there.
func TestAwait(t *testing.T) {
	health, api := unused(t), http.NewServeMux()
	up := make(chan struct{})
	api.HandleFunc("/version", func(w http.ResponseWriter, _ *http.Request) {
		select {
		case <-up:
			_, _ = io.WriteString(w, `{"major":"1","minor":"36"}`)
		default:
			http.Error(w, "starting", http.StatusServiceUnavailable)
		}
	})
	server := httptest.NewServer(api)
	defer server.Close()
	waiting := make(chan string, 100)
	log := funcr.New(func(_, line string) { waiting <- line }, funcr.Options{})
	over := make(chan error)
	go func() { over <- await(t.Context(), &rest.Config{Host: server.URL}, health, log) }()
	if line := <-waiting; !strings.Contains(line, "waiting for the API server") {
		t.Errorf("said %s", line)
	}
	for path, want := range map[string]int{"/healthz": http.StatusOK, "/readyz": http.StatusServiceUnavailable} {
		resp, err := http.Get("http://" + health + path) //nolint:noctx // of a test
		if err != nil {
			t.Fatal(err)
		}
		if _ = resp.Body.Close(); resp.StatusCode != want {
			t.Errorf("%s says %s", path, resp.Status)
		}
	}
	close(up)
	if err := <-over; err != nil {
		t.Error(err)
	}
	if l, err := net.Listen("tcp", health); err != nil {
		t.Errorf("the address of the health checks is not free: %v", err)
	} else {
		_ = l.Close()
	}
}

// What waiting does not end is for whoever asks next.
func TestAwaitRefused(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "who are you", http.StatusUnauthorized)
	}))
	defer server.Close()
	for _, host := range []string{server.URL, "http://api.invalid"} {
		if err := await(t.Context(), &rest.Config{Host: host}, "0", logr.Discard()); err != nil {
			t.Errorf("%s: %v", host, err)
		}
	}
}

// A signal ends the wait.
func TestAwaitEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	log := funcr.New(func(_, line string) { cancel() }, funcr.Options{})
	if err := await(ctx, &rest.Config{Host: "http://" + unused(t)}, "0", log); err == nil {
		t.Error("the API server answers")
	}
}
