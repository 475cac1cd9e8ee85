package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
)

// op is one kind of request of one arm, and what it took.
type op struct {
	Name       string  `json:"name"`
	Requests   int     `json:"requests"`
	P50        float64 `json:"p50Milliseconds"`
	P99        float64 `json:"p99Milliseconds"`
	Throughput float64 `json:"requestsPerSecond"`
	CPU        float64 `json:"cpuMilliseconds"` // of the webhook's process, for each request

	took    []time.Duration
	elapsed time.Duration
	used    time.Duration
}

// finish computes the figures.
func (o *op) finish() {
	o.Requests = len(o.took)
	o.P50, o.P99 = cluster.Quantiles(o.took)
	o.Throughput = float64(o.Requests) / o.elapsed.Seconds()
	o.CPU = cluster.Milliseconds(o.used) / float64(o.Requests)
}

// operations are what is measured. Each sends one request, the n-th.
var operations = []struct {
	name string
	send func(ctx context.Context, c client.Client, namespace string, n int) error
}{
	{"dry-run, half repeated", func(ctx context.Context, c client.Client, namespace string, n int) error {
		if n%2 == 0 { // as a GitOps tool asks again and again whether anything has changed
			n %= 2 * repeated
		}
		return c.Create(ctx, bucket(namespace, "dry-run", n, cluster.Statements2KB), client.DryRunAll)
	}},
	{"dry-run, 20 KB, distinct", func(ctx context.Context, c client.Client, namespace string, n int) error {
		return c.Create(ctx, bucket(namespace, "large", n, cluster.Statements20KB), client.DryRunAll)
	}},
	{"create, all distinct", func(ctx context.Context, c client.Client, namespace string, n int) error {
		return c.Create(ctx, bucket(namespace, "bucket", n, cluster.Statements2KB))
	}},
	{"update, policy unchanged", func(ctx context.Context, c client.Client, namespace string, n int) error {
		// Of an object that the operation before has created.
		touch := fmt.Appendf(nil, `{"metadata":{"annotations":{"touched":"%d"}}}`, n)
		return c.Patch(ctx, bucket(namespace, "bucket", n, cluster.Statements2KB), client.RawPatch(types.MergePatchType, touch))
	}},
}

// repeated is how many objects every second dry-run takes in turn; the others have one of their own.
const repeated = 10

// bucket is an object that carries the n-th document. Names are of one length, so that all arms send documents of one size.
func bucket(namespace, prefix string, n, statements int) *unstructured.Unstructured {
	const longest = len("load-bucketwarden")
	name := fmt.Sprintf("%s%s-%s-%05d", namespace, strings.Repeat("x", longest-len(namespace)), prefix, n)
	return cluster.ACKBucket(namespace, name, cluster.Document(name, statements))
}

// round sends some requests of one operation, several at a time.
func (a *arm) round(ctx context.Context, c client.Client, operation, first, requests, clients int) error {
	o := a.Operations[operation]
	before, err := a.cpu()
	if err != nil {
		return err
	}
	took, errs := make([]time.Duration, requests), make([]error, requests)
	var next atomic.Int64
	var all sync.WaitGroup
	began := time.Now()
	for range clients {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(requests); i = next.Add(1) - 1 {
				sent := time.Now()
				errs[i] = operations[operation].send(ctx, c, a.namespace(), first+int(i))
				took[i] = time.Since(sent)
			}
		})
	}
	all.Wait()
	o.elapsed += time.Since(began)
	o.took = append(o.took, took...)
	after, err := a.cpu()
	o.used += after - before
	for _, e := range append(errs, err) {
		if e != nil {
			return fmt.Errorf("%s, %s: %w", a.Name, o.Name, e)
		}
	}
	return nil
}

func (a *arm) cpu() (time.Duration, error) {
	if a.server == nil {
		return 0, nil
	}
	return cluster.CPU(a.server.PID())
}

// measure sends rounds of each operation to each arm, which take turns, and the first turn too.
func measure(ctx context.Context, c client.Client, arms []*arm, l load) error {
	for _, a := range arms {
		for _, o := range operations {
			a.Operations = append(a.Operations, &op{Name: o.name})
		}
	}
	size := l.requests / l.rounds
	for r := range l.rounds {
		for operation := range operations {
			for i := range arms {
				if err := arms[(r+i)%len(arms)].round(ctx, c, operation, r*size, size, l.clients); err != nil {
					return err
				}
			}
		}
	}
	for _, a := range arms {
		for _, o := range a.Operations {
			o.finish()
		}
	}
	return nil
}
