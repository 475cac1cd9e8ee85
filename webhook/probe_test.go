package webhook

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/go-logr/logr"
	"github.com/go-logr/logr/funcr"
	"k8s.io/client-go/rest"
)

// proberOf probes an API server that calls the configurations which called returns for its nth request: those of the prober, or
// with "other " before them of another replica.
func proberOf(t *testing.T, called func(n int) []string) *prober {
	t.Helper()
	var n atomic.Int64
	var p *prober
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || r.URL.String() != "/api/v1/namespaces/here/configmaps?dryRun=All" {
			t.Errorf("asked to %s %s", r.Method, r.URL)
		}
		for _, path := range called(int(n.Add(1))) {
			path, others := strings.CutPrefix(path, "other ")
			replica := p.self
			if others {
				replica = "other"
			}
			w.Header().Add("Warning", `299 - "`+probeWarning+path+probeOf+replica+`"`)
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"apiVersion":"v1","kind":"ConfigMap"}`))
	}))
	t.Cleanup(server.Close)
	p, err := newProber(&rest.Config{Host: server.URL}, "here", logr.Discard())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A server is ready once a probe has come through both configurations, and remains so.
func TestProber(t *testing.T) {
	var called []string
	p := proberOf(t, func(int) []string { return called })
	complaints := 0
	p.log = funcr.New(func(string, string) { complaints++ }, funcr.Options{})
	for _, c := range []struct {
		called []string
		ready  bool
	}{
		{nil, false},
		{[]string{mutatePath}, false},
		{[]string{validatePath, validatePath}, false},
		{[]string{"other " + mutatePath, "other " + validatePath}, false},
		{[]string{mutatePath, "other " + validatePath}, false},
		{[]string{mutatePath, validatePath}, true},
		{nil, true},
		{[]string{mutatePath}, true},
		{[]string{"other " + mutatePath, "other " + validatePath}, true},
	} {
		called = c.called
		if through := p.probe(t.Context()); through != slices.Equal(c.called, []string{mutatePath, validatePath}) {
			t.Errorf("called %v: came back: %v", c.called, through)
		}
		if err := p.Ready(nil); (err == nil) != c.ready || p.Reached().IsZero() == c.ready {
			t.Errorf("called %v: ready: %v, reached %s", c.called, err, p.Reached())
		}
	}
	if complaints != 1 {
		t.Errorf("%d lines in the log, want one for the end of being reached", complaints)
	}
}

// Others may answer a probe before this replica does, and each webhook at another time.
func TestProberAmongOthers(t *testing.T) {
	asked := 0
	p := proberOf(t, func(n int) []string {
		asked = n
		switch {
		case n == probeTries-1:
			return []string{mutatePath, "other " + validatePath}
		case n == probeTries:
			return []string{"other " + mutatePath, validatePath}
		}
		return []string{"other " + mutatePath, "other " + validatePath}
	})
	if !p.probe(t.Context()) || asked != probeTries {
		t.Errorf("asked %d times: %v", asked, p.Ready(nil))
	}
	if p.probe(t.Context()) || asked != 2*probeTries {
		t.Errorf("asked %d times, came back from others alone", asked)
	}
}

// An answer to another's probe ends its connection, so that the next one may reach another replica; one to a replica's own
// ends some.
func TestAnswerProbe(t *testing.T) {
	closed := func(asker string) (n int) {
		probe := `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"bucketwarden-probe","annotations":{"bucketwarden.dev/replica":"` + asker + `"}}}`
		for range 100 {
			w := httptest.NewRecorder()
			answerProbe(logr.Discard(), mutatePath, "me")(w, httptest.NewRequest(http.MethodPost, "/", nil), admissionReview(t, []byte(probe)))
			if !strings.Contains(w.Body.String(), `"warnings":["bucketwarden reached by /mutate of replica me"]`) {
				t.Fatal(w.Body)
			}
			if w.Header().Get("Connection") == "close" {
				n++
			}
		}
		return n
	}
	if n := closed("other"); n != 100 {
		t.Errorf("%d of 100 answers to another end the connection", n)
	}
	if n := closed("me"); n == 0 || n == 100 {
		t.Errorf("%d of 100 answers to oneself end the connection, want some", n)
	}
}

// Until it has come through it asks again and again, and it tells once.
func TestProberStart(t *testing.T) {
	p := proberOf(t, func(n int) []string {
		if n < 3 {
			return nil
		}
		return []string{mutatePath, validatePath}
	})
	first := make(chan struct{})
	p.before = func(context.Context) error { return nil }
	p.first = func() { close(first) }
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- p.Start(ctx) }()
	<-first
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestProberError(t *testing.T) {
	p, err := newProber(&rest.Config{Host: "http://127.0.0.1:1"}, "here", logr.Discard())
	if err != nil {
		t.Fatal(err)
	}
	if p.probe(t.Context()) {
		t.Error("came back from nowhere")
	}
	if err := p.Ready(nil); err == nil || !strings.Contains(err.Error(), "refused") {
		t.Errorf("ready says %v", err)
	}
}
