package audit

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/go-logr/logr"
	"github.com/prometheus/client_golang/prometheus"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

const (
	fieldOwner = client.FieldOwner("bucketwarden-audit")
	page       = 500 // reports that are listed at a time
)

// reports writes reports, and remembers which there are.
type reports struct {
	client client.Client
	group  Group
	log    logr.Logger
	writes *prometheus.CounterVec // by result

	mu      sync.Mutex
	written map[client.ObjectKey]digest // a report in no namespace is on a cluster-scoped object
	served  map[string]bool             // by kind; a missing one has not been asked for
	lost    bool                        // one that was served seems to be gone
	recent  map[client.ObjectKey]digest // written during a look; nil while there is none
	failing bool
}

func newReports(c client.Client, group Group, log logr.Logger, writes *prometheus.CounterVec) *reports {
	return &reports{client: c, group: group, log: log, writes: writes, served: map[string]bool{}}
}

// lookup returns the digest of a report that has been written, the zero one for none.
func (r *reports) lookup(key client.ObjectKey) digest {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.written[key]
}

func (r *reports) forget(key client.ObjectKey) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.written, key)
}

// write writes a report, unless it is there already or its kind is not served.
func (r *reports) write(ctx context.Context, rep report) error {
	r.mu.Lock()
	served, before := r.served[rep.GetKind()], r.written[rep.key()]
	r.mu.Unlock()
	if !served || before == rep.digest {
		return nil
	}
	err := r.apply(ctx, rep, before != digest{})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	r.note(rep, err)
	return err
}

func (r *reports) apply(ctx context.Context, rep report, known bool) error {
	before := &unstructured.Unstructured{}
	before.SetGroupVersionKind(rep.GroupVersionKind())
	if known {
		if err := r.client.Get(ctx, rep.key(), before); client.IgnoreNotFound(err) != nil {
			return err
		}
	}
	return r.client.Apply(ctx, client.ApplyConfigurationFromUnstructured(rep.since(before, time.Now())), fieldOwner, client.ForceOwnership)
}

// since returns the report with the time at which each result was first reported.
func (r report) since(before *unstructured.Unstructured, now time.Time) *unstructured.Unstructured {
	first := map[hash]any{}
	old, _, _ := unstructured.NestedSlice(before.Object, "results") // what somebody else made of it does not matter
	for _, o := range old {
		if result, ok := o.(m); ok && result["timestamp"] != nil {
			first[identity(result)] = result["timestamp"]
		}
	}
	out := r.DeepCopy()
	results, _ := out.Object["results"].([]any)
	for _, o := range results {
		result, _ := o.(m)
		at, ok := first[identity(result)]
		if !ok {
			at = m{"seconds": now.Unix(), "nanos": int64(0)}
		}
		result["timestamp"] = at
	}
	return out
}

// identity is what a result keeps while it stays the same.
func identity(result m) hash {
	without := maps.Clone(result)
	delete(without, "timestamp")
	return sum(without)
}

// note counts a write.
func (r *reports) note(rep report, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		r.writes.WithLabelValues(failed).Inc()
		r.lost = r.lost || absent(err)
		r.fail(fmt.Errorf("writing %s: %w", rep.key(), err))
		return
	}
	r.writes.WithLabelValues(written).Inc()
	r.written[rep.key()] = rep.digest
	if r.recent != nil {
		r.recent[rep.key()] = rep.digest
	}
	if r.failing {
		r.log.Info("reports can be written again")
	}
	r.failing = false
}

// fail logs a failure that lasts once. r.mu is held.
func (r *reports) fail(err error) {
	if !r.failing {
		r.log.Error(err, "reports cannot be written")
	}
	r.failing = true
}
