package main

import (
	"context"
	"errors"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/util/flowcontrol"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/webhook/audit"
)

// figures are what was measured at one size.
type figures struct {
	Provider                     string
	Buckets, Objects             int
	Refused, Warned, Unreported  int     // objects: what the gate would answer if they came now, and without a report
	Ready                        float64 // seconds
	AtReady, AtPass, AtEnd, Most float64 // resident memory, MiB
	First, Second, Quiet         phase   // until the first pass has ended, in a pass with nothing changed, and without one
}

// phase is a part of a run.
type phase struct {
	Took     float64        // seconds
	Reports  int            // that were written
	Requests map[string]int // to the API server, by verb and resource
	Admitted int            // dry-runs
	P50, P99 float64        // of these, milliseconds
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
	defer func() { err = errors.Join(err, g.stop()) }()
	f.Ready = time.Since(began).Seconds()
	if err := s.phases(ctx, f, g, admin); err != nil {
		return nil, err
	}
	f.Refused, f.Warned = g.objects("Deny"), g.objects("Warn")+g.objects("Patch")
	f.Unreported, err = unreported(ctx, admin, uids)
	return f, err
}

// phases has the server do all that is measured.
func (s scale) phases(ctx context.Context, f *figures, g *gate, c client.Client) (err error) {
	if f.AtReady, _, err = g.memory(); err != nil {
		return err
	}
	if f.First, err = s.phase(ctx, g, c, g.pass); err != nil {
		return err
	}
	if f.AtPass, _, err = g.memory(); err != nil {
		return err
	}
	// A change of the configuration has everything reviewed again at once. This one is about nothing.
	nothing := &unstructured.Unstructured{Object: m{
		"apiVersion": "bucketwarden.dev/v1alpha1", "kind": "Exemption", "metadata": m{"name": "nothing"},
		"spec": m{"match": m{"namespaces": []any{"nowhere"}}, "rules": []any{rules.PublicAccess.ID}, "reason": "to have all reviewed again"},
	}}
	if err := c.Create(ctx, nothing); err != nil {
		return err
	}
	if f.Second, err = s.phase(ctx, g, c, g.pass); err != nil {
		return err
	}
	f.Quiet, err = s.phase(ctx, g, c, func(ctx context.Context) (float64, error) {
		select {
		case <-ctx.Done():
		case <-time.After(s.quiet):
		}
		return s.quiet.Seconds(), ctx.Err()
	})
	if err == nil {
		f.AtEnd, f.Most, err = g.memory()
	}
	return err
}

// phase sends dry-runs while something lasts, at a bounded rate, and counts what happens meanwhile. lasts returns how long
// it took.
func (s scale) phase(ctx context.Context, g *gate, c client.Client, lasts func(context.Context) (float64, error)) (p phase, err error) {
	reports := g.samples[written]
	during, over := context.WithCancel(ctx)
	var lasting sync.WaitGroup
	lasting.Go(func() {
		defer over()
		p.Took, err = lasts(ctx)
	})
	var took []time.Duration
	var failed error
	pace := flowcontrol.NewTokenBucketRateLimiter(s.rate, 1)
	for n := 0; failed == nil && pace.Wait(during) == nil; n++ {
		objects := s.stock(n*100+2, "dry-run") // nothing is wrong with these
		sent := time.Now()
		failed = c.Create(ctx, objects[len(objects)-1], client.DryRunAll)
		took = append(took, time.Since(sent))
	}
	lasting.Wait()
	if err = errors.Join(err, failed); err != nil {
		return phase{}, err
	}
	if err := g.scrape(ctx); err != nil {
		return phase{}, err
	}
	p.Admitted = len(took)
	p.P50, p.P99 = cluster.Quantiles(took)
	p.Reports = int(g.samples[written] - reports)
	p.Requests, err = g.requests()
	return p, err
}

// unreported counts the objects that no report is about.
func unreported(ctx context.Context, c client.Client, uids map[types.UID]bool) (int, error) {
	for _, kind := range []string{"ReportList", "ClusterReportList"} {
		list := &metav1.PartialObjectMetadataList{}
		list.SetGroupVersionKind(schema.GroupVersionKind{Group: string(audit.OpenReports), Version: "v1alpha1", Kind: kind})
		if err := c.List(ctx, list); err != nil {
			return 0, err
		}
		for _, report := range list.Items {
			for _, owner := range report.OwnerReferences {
				delete(uids, owner.UID)
			}
		}
	}
	return len(uids), nil
}
