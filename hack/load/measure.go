package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/policy/iam"
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

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// finish computes the figures.
func (o *op) finish() {
	slices.Sort(o.took)
	o.Requests = len(o.took)
	o.P50, o.P99 = milliseconds(o.took[o.Requests/2]), milliseconds(o.took[o.Requests*99/100])
	o.Throughput = float64(o.Requests) / o.elapsed.Seconds()
	o.CPU = milliseconds(o.used) / float64(o.Requests)
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
		return c.Create(ctx, bucket(namespace, "dry-run", n, statements2KB), client.DryRunAll)
	}},
	{"dry-run, 20 KB, distinct", func(ctx context.Context, c client.Client, namespace string, n int) error {
		return c.Create(ctx, bucket(namespace, "large", n, statements20KB), client.DryRunAll)
	}},
	{"create, all distinct", func(ctx context.Context, c client.Client, namespace string, n int) error {
		return c.Create(ctx, bucket(namespace, "bucket", n, statements2KB))
	}},
	{"update, policy unchanged", func(ctx context.Context, c client.Client, namespace string, n int) error {
		// Of an object that the operation before has created.
		touch := fmt.Appendf(nil, `{"metadata":{"annotations":{"touched":"%d"}}}`, n)
		return c.Patch(ctx, bucket(namespace, "bucket", n, statements2KB), client.RawPatch(types.MergePatchType, touch))
	}},
}

// repeated is how many objects every second dry-run takes in turn; the others have one of their own.
const repeated = 10

// How many statements make a policy of a size, the larger one as large as S3 takes.
const (
	statements2KB  = 6
	statements20KB = 62
)

// document returns a policy that nothing is wrong with.
func document(bucket string, statements int) string {
	var list []any
	for i := range statements {
		list = append(list, map[string]any{
			"Sid": fmt.Sprintf("Team%d", i), "Effect": "Allow",
			"Principal": map[string]any{"AWS": fmt.Sprintf("arn:aws:iam::111122223333:role/%s-team-%d", bucket, i)},
			"Action":    []string{"s3:GetObject", "s3:PutObject"}, "Resource": fmt.Sprintf("arn:aws:s3:::%s/team-%d/*", bucket, i),
			"Condition": map[string]any{
				"StringEquals": map[string]any{"aws:SourceVpce": "vpce-0123456789abcdef0"}, "Bool": map[string]any{"aws:SecureTransport": "true"},
			},
		})
	}
	return iam.NewDocument(list...).Text()
}

// bucket is an object that carries the n-th document.
func bucket(namespace, prefix string, n, statements int) *unstructured.Unstructured {
	name := fmt.Sprintf("%s-%s-%d", namespace, prefix, n)
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "s3.services.k8s.aws/v1alpha1", "kind": "Bucket",
		"metadata": map[string]any{"namespace": namespace, "name": name},
		"spec": map[string]any{
			"name": name, "policy": document(name, statements),
			"ownershipControls": map[string]any{"rules": []any{map[string]any{"objectOwnership": "BucketOwnerEnforced"}}},
		},
	}}
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
	return cpu(a.server.PID())
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
