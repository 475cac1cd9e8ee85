package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
)

// user is who the server is for the API server.
const user = "bucketwarden"

// Metrics of the server.
const (
	written = `bucketwarden_report_writes_total{result="Written"}`
	ended   = "bucketwarden_audit_pass_timestamp_seconds"
	took    = "bucketwarden_audit_pass_duration_seconds"
)

// gate is the server that is measured, and what is known of it from outside.
type gate struct {
	server  *cluster.Server
	journal *cluster.Journal
	metrics string             // URL
	samples map[string]float64 // of the metrics, when they were last read
}

// start starts the server and returns once the API server reaches it.
func (s scale) start(ctx context.Context, c *cluster.Cluster) (*gate, error) {
	kubeconfig, err := c.Logged(user)
	if err != nil {
		return nil, err
	}
	port, err := cluster.FreePort()
	if err != nil {
		return nil, err
	}
	journal, err := c.OpenJournal()
	if err != nil {
		return nil, err
	}
	address := "127.0.0.1:" + strconv.Itoa(port)
	server, err := c.Serve(ctx, s.binary, "--kubeconfig", kubeconfig, "--metrics-bind-address", address, "--metrics-secure=false")
	if err != nil {
		return nil, errors.Join(err, journal.Close())
	}
	return &gate{server: server, journal: journal, metrics: "http://" + address + "/metrics"}, nil
}

func (g *gate) stop() error { return errors.Join(g.server.Stop(), g.journal.Close()) }

// memory is what is resident of the process now and at the most, in MiB.
func (g *gate) memory() (now, most float64, err error) {
	n, m, err := cluster.Memory(g.server.PID())
	return float64(n) / (1 << 20), float64(m) / (1 << 20), err
}

// pass waits for the end of a pass and returns how many seconds it took.
func (g *gate) pass(ctx context.Context) (float64, error) {
	before := g.samples[ended]
	err := wait.PollUntilContextCancel(ctx, 100*time.Millisecond, false, func(ctx context.Context) (bool, error) {
		err := g.scrape(ctx)
		return g.samples[ended] > before, err
	})
	return g.samples[took], err
}

// objects is how many there are by what the gate would answer.
func (g *gate) objects(verdict string) int {
	return int(g.samples[fmt.Sprintf("bucketwarden_audit_objects{verdict=%q}", verdict)])
}

// scrape reads the server's metrics.
func (g *gate) scrape(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, g.metrics, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close() //nolint:errcheck // it was read
	g.samples = map[string]float64{}
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), " ")
		if v, err := strconv.ParseFloat(value, 64); err == nil {
			g.samples[name] = v
		}
	}
	return lines.Err()
}

// requests counts what the server has asked the API server for since the last time. A watch is one, from its start.
func (g *gate) requests() (map[string]int, error) {
	out := map[string]int{}
	err := g.journal.Each(func(e cluster.Event) {
		if e.User.Username != user || (e.Verb == "watch") != (e.Stage == "ResponseStarted") {
			return
		}
		what := strings.TrimSuffix(e.ObjectRef.Resource+"/"+e.ObjectRef.Subresource, "/")
		if what == "" {
			what = "discovery"
		}
		out[e.Verb+" "+what]++
	})
	return out, err
}
