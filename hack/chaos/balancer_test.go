package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"
)

// named answers its name, and says whether it is ready.
func named(t *testing.T, name string) (endpoint, *atomic.Bool) {
	t.Helper()
	ready := &atomic.Bool{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/readyz" && !ready.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_, _ = io.WriteString(w, name)
	}))
	t.Cleanup(s.Close)
	return endpoint{s.Listener.Addr().String(), s.URL + "/readyz"}, ready
}

func TestBalancer(t *testing.T) {
	all, err := listen(true)
	if err != nil {
		t.Fatal(err)
	}
	defer all.close()
	b, err := listen(false)
	if err != nil {
		t.Fatal(err)
	}
	defer b.close()
	// A client whose every request is a new connection.
	client := http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	ask := func(b *balancer) string {
		resp, err := client.Get("http://" + b.listener.Addr().String())
		if err != nil {
			return "nobody"
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Error(err)
		}
		_ = resp.Body.Close()
		return string(body)
	}
	eventually := func(b *balancer, want ...string) {
		t.Helper()
		heard := map[string]bool{}
		for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
			heard[ask(b)] = true
			done := true
			for _, name := range want {
				done = done && heard[name]
			}
			if done {
				return
			}
		}
		t.Fatalf("heard %v, want %v", heard, want)
	}
	never := func(b *balancer, name string) {
		t.Helper()
		for range 10 {
			if ask(b) == name {
				t.Fatalf("heard %s", name)
			}
		}
	}

	never(b, "one")
	one, oneReady := named(t, "one")
	two, twoReady := named(t, "two")
	gone := func() endpoint { // nobody listens there
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close() //nolint:errcheck // nothing was written to it
		return endpoint{address: l.Addr().String()}
	}()
	for _, e := range []endpoint{one, two} {
		go b.follow(t.Context(), e)
		go all.follow(t.Context(), e)
	}
	eventually(all, "one", "two")
	never(b, "one")
	oneReady.Store(true)
	eventually(b, "one")
	never(b, "two")
	twoReady.Store(true)
	eventually(b, "one", "two")
	ctx, cancel := context.WithCancel(t.Context())
	b.set(gone, true)
	never(b, "nobody")
	go b.follow(ctx, gone)
	oneReady.Store(false)
	cancel()
	eventually(b, "two")
	for b.has(one) || b.has(gone) {
		if ask(b) == "nobody" {
			t.Fatal("nobody")
		}
	}
	never(b, "one")
}
