package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/util/flowcontrol"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
	"github.com/bucketwarden/bucketwarden/webhook/audit"
)

// figures are what was measured at one size.
type figures struct {
	Provider   string  `json:"provider"`
	Buckets    int     `json:"buckets"`
	Objects    int     `json:"objects"`
	Ready      float64 `json:"readySeconds"`
	AtReady    int64   `json:"readyBytes"` // resident memory
	AtPass     int64   `json:"firstPassBytes"`
	AtEnd      int64   `json:"endBytes"`
	Most       int64   `json:"mostBytes"`
	First      phase   `json:"first"`  // from the start to the end of the first pass
	Second     phase   `json:"second"` // a pass with nothing changed
	Quiet      phase   `json:"quiet"`
	Unreported int     `json:"unreported"` // objects that no report is about
	Refused    int     `json:"refused"`    // objects, were they new
	Warned     int     `json:"warned"`
}

// phase is a part of a run.
type phase struct {
	Pass     float64        `json:"passSeconds,omitempty"`
	Reports  int            `json:"reportsWritten"`
	Requests map[string]int `json:"requests"` // to the API server, by verb and resource
	Admitted int            `json:"admitted"` // dry-runs
	P50      float64        `json:"p50Milliseconds"`
	P99      float64        `json:"p99Milliseconds"`
}

// gate is the server that is measured, and what is known of it from outside.
type gate struct {
	*cluster.Server
	metrics string // URL
	journal *bufio.Reader
	partial []byte // of the journal's last line
	samples map[string]float64
}

// user is who the server is for the API server.
const user = "bucketwarden"

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
	journal, err := os.Open(c.AuditLog)
	if err != nil {
		return nil, err
	}
	address := "127.0.0.1:" + strconv.Itoa(port)
	g := &gate{metrics: "http://" + address + "/metrics", journal: bufio.NewReader(journal)}
	g.Server, err = c.Serve(ctx, s.binary, "--kubeconfig", kubeconfig, "--metrics-bind-address", address, "--metrics-secure=false")
	return g, err
}

// measure fills a cluster, and then starts the server in it.
func (s scale) measure(ctx context.Context, buckets int) (f *figures, err error) {
	c, err := cluster.Start()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.Stop()) }()
	admin, err := s.furnish(c)
	if err != nil {
		return nil, err
	}
	uids, err := s.fill(ctx, admin, buckets)
	if err != nil {
		return nil, err
	}
	f = &figures{Provider: s.provider, Buckets: buckets, Objects: len(uids)}
	began := time.Now()
	g, err := s.start(ctx, c)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, g.Stop()) }()
	f.Ready = time.Since(began).Seconds()
	if f.AtReady, _, err = cluster.Memory(g.PID()); err != nil {
		return nil, err
	}
	if err := s.phases(ctx, f, g, admin); err != nil {
		return nil, err
	}
	f.Refused, f.Warned = g.objects("Deny"), g.objects("Warn")+g.objects("Patch")
	f.Unreported, err = unreported(ctx, admin, uids)
	return f, err
}

// furnish installs all that is there before the buckets.
func (s scale) furnish(c *cluster.Cluster) (client.Client, error) {
	crds, err := cluster.ReadCRDs(filepath.Join(s.root, "config/samples/crds"))
	if err != nil {
		return nil, err
	}
	reports, err := cluster.ReadReportCRDs(s.root)
	if err != nil {
		return nil, err
	}
	err = errors.Join(
		cluster.InstallCRDs(c.Config, append(crds, reports[string(audit.OpenReports)]...)),
		cluster.InstallConfiguration(c.Config, s.root))
	if err != nil {
		return nil, err
	}
	return c.Admin()
}

// phases has the server do all that is measured.
func (s scale) phases(ctx context.Context, f *figures, g *gate, c client.Client) (err error) {
	if err := s.phase(ctx, &f.First, g, c, g.pass); err != nil {
		return err
	}
	if f.AtPass, _, err = cluster.Memory(g.PID()); err != nil {
		return err
	}
	// A change of the configuration has everything reviewed again at once. This one is about nothing.
	nothing := &unstructured.Unstructured{Object: m{
		"apiVersion": "bucketwarden.dev/v1alpha1", "kind": "Exemption", "metadata": m{"name": "nothing"},
		"spec": m{"match": m{"namespaces": []any{"nowhere"}}, "rules": []any{"BW201"}, "reason": "to be reviewed again"},
	}}
	if err := c.Create(ctx, nothing); err != nil {
		return err
	}
	if err := s.phase(ctx, &f.Second, g, c, g.pass); err != nil {
		return err
	}
	err = s.phase(ctx, &f.Quiet, g, c, func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, s.quiet)
		defer cancel()
		<-ctx.Done()
		return nil
	})
	if err == nil {
		f.AtEnd, f.Most, err = cluster.Memory(g.PID())
	}
	return err
}

// phase sends dry-runs while something lasts, at a bounded rate, and counts what happens meanwhile.
func (s scale) phase(ctx context.Context, p *phase, g *gate, c client.Client, lasts func(context.Context) error) error {
	reports := g.samples[`bucketwarden_report_writes_total{result="Written"}`]
	during, over := context.WithCancelCause(ctx)
	go func() { over(lasts(ctx)) }()
	var took []time.Duration
	var failed error
	pace := flowcontrol.NewTokenBucketRateLimiter(s.rate, 1)
	for n := 0; failed == nil && pace.Wait(during) == nil; n++ {
		objects := s.stock(n*100+2, "dry-run") // nothing is wrong with this one
		sent := time.Now()
		failed = c.Create(ctx, objects[len(objects)-1], client.DryRunAll)
		took = append(took, time.Since(sent))
	}
	<-during.Done()
	if err := context.Cause(during); failed != nil || !errors.Is(err, context.Canceled) {
		return errors.Join(failed, err)
	}
	if err := g.scrape(ctx); err != nil {
		return err
	}
	p.Admitted = len(took)
	p.P50, p.P99 = cluster.Quantiles(took)
	p.Pass = g.samples["bucketwarden_audit_pass_duration_seconds"]
	p.Reports = int(g.samples[`bucketwarden_report_writes_total{result="Written"}`] - reports)
	var err error
	p.Requests, err = g.requests()
	return err
}

// pass waits for the end of a pass.
func (g *gate) pass(ctx context.Context) error {
	const ended = "bucketwarden_audit_pass_timestamp_seconds"
	before := g.samples[ended]
	return wait.PollUntilContextCancel(ctx, 100*time.Millisecond, false, func(ctx context.Context) (bool, error) {
		err := g.scrape(ctx)
		return g.samples[ended] > before, err
	})
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

// requests counts what the server has asked the API server for since the last time. A watch is one request.
func (g *gate) requests() (map[string]int, error) {
	out := map[string]int{}
	for {
		line, err := g.journal.ReadBytes('\n')
		g.partial = append(g.partial, line...)
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		var event struct {
			Stage, Verb string
			User        struct{ Username string }
			ObjectRef   struct{ Resource, Subresource string }
		}
		if err := json.Unmarshal(bytes.TrimSpace(g.partial), &event); err != nil {
			return nil, fmt.Errorf("the audit log: %w", err)
		}
		g.partial = nil
		counts := event.Stage == "ResponseComplete" && event.Verb != "watch" || event.Stage == "ResponseStarted" && event.Verb == "watch"
		if event.User.Username == user && counts {
			what := strings.TrimSuffix(event.ObjectRef.Resource+"/"+event.ObjectRef.Subresource, "/")
			if what == "" {
				what = "what there is" // discovery
			}
			out[event.Verb+" "+what]++
		}
	}
}

// unreported counts the objects that no report is about.
func unreported(ctx context.Context, c client.Client, uids map[types.UID]bool) (int, error) {
	for _, kind := range []string{"ReportList", "ClusterReportList"} {
		list := &metav1.PartialObjectMetadataList{}
		for {
			next := list.Continue
			list = &metav1.PartialObjectMetadataList{}
			list.SetGroupVersionKind(schema.GroupVersionKind{Group: string(audit.OpenReports), Version: "v1alpha1", Kind: kind})
			if err := c.List(ctx, list, client.Limit(1000), client.Continue(next)); err != nil {
				return 0, err
			}
			for _, report := range list.Items {
				for _, owner := range report.OwnerReferences {
					delete(uids, owner.UID)
				}
			}
			if list.Continue == "" {
				break
			}
		}
	}
	return len(uids), nil
}
