// Package audit reviews what is already in the cluster: every object at the start, after each change that its review
// rests on, and at a slow interval. It tells in reports, in Events and in metrics. One replica does it for all.
package audit

import (
	"context"
	"sync"
	"time"

	"github.com/go-logr/logr"
	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/webhook/inventory"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

const (
	// DefaultInterval is how often everything is reviewed although nothing has changed.
	DefaultInterval = time.Hour
	// QPS is how many requests a second the API server gets from an audit: it is for the client that it writes with.
	QPS = 50
	// Burst is how many of them may come at once.
	Burst = 100

	workers = 2
	// settle is how soon the API server is asked again for the kinds of reports that it does not serve.
	settle = 10 * time.Second
	// spread is the part of an interval over which its reviews are spread, so that they do not come in a burst.
	spread = 10
	// The first and the longest wait before an object whose report could not be written is reviewed again.
	retry, longestRetry = time.Second, 5 * time.Minute
)

// Objects is what there is to review.
type Objects interface {
	// Get returns an object, nil for one that is not there. It is not to be changed.
	Get(key inventory.Key) map[string]any
	Keys() []inventory.Key
	// Notify has f called with the keys of every object whose review may differ now.
	Notify(f func(keys []inventory.Key))
}

// Options is what an Auditor needs.
type Options struct {
	Objects  Objects
	Ready    func(ctx context.Context) error // returns once Objects knows the cluster
	Review   func(ctx context.Context, obj map[string]any) (v review.Review, ok bool, err error)
	Rules    int           // by how many Review judges
	Client   client.Client // reads from no cache, and keeps to QPS and Burst
	Group    Group
	Interval time.Duration
	Log      logr.Logger
	Seen     func(key inventory.Key, v review.Review) // after each review; the zero Review of an object that is gone
	Passed   func()                                   // after each pass
}

// Auditor reviews everything while it leads. It is a prometheus.Collector.
type Auditor struct {
	Options
	reports *reports
	events  *events
	metrics
	again chan struct{} // holds one when everything is to be reviewed

	mu     sync.Mutex
	queue  queue // nil while another replica leads
	states map[inventory.Key]state
	pass   pass
}

type queue = workqueue.TypedRateLimitingInterface[inventory.Key]

// New returns an Auditor. It is to be made before Objects knows anything.
func New(o Options) *Auditor {
	m := newMetrics()
	a := &Auditor{
		Options: o, metrics: m,
		reports: newReports(o.Client, o.Group, o.Log, m.writes),
		events:  newEvents(o.Client, m.told),
		again:   make(chan struct{}, 1),
		states:  map[inventory.Key]state{},
	}
	o.Objects.Notify(a.add)
	return a
}

// All has every object reviewed again, as when the configuration has changed.
func (a *Auditor) All() {
	select {
	case a.again <- struct{}{}:
	default: // it is about to be
	}
}

// add has objects reviewed. What changes while another replica leads does not matter: whoever takes over reviews all.
func (a *Auditor) add(keys []inventory.Key) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.queue == nil {
		return
	}
	for _, key := range keys {
		a.queue.Add(key)
	}
}

// Start audits until ctx ends, and may be called again then.
func (a *Auditor) Start(ctx context.Context) error {
	if err := a.Ready(ctx); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	q := workqueue.NewTypedRateLimitingQueue(
		workqueue.NewTypedItemExponentialFailureRateLimiter[inventory.Key](retry, longestRetry))
	a.lead(q)
	defer a.retire()
	a.metrics.start()
	var running sync.WaitGroup
	defer running.Wait()
	defer q.ShutDown()
	a.reports.look(ctx)
	a.begin(0)
	for range workers {
		running.Go(func() { a.work(ctx, q) })
	}
	interval, unsettled := time.NewTicker(a.Interval), time.NewTicker(settle)
	defer interval.Stop()
	defer unsettled.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-a.again:
			a.begin(0)
		case <-interval.C:
			a.reports.look(ctx)
			a.begin(a.Interval / spread)
		case <-unsettled.C:
			if !a.reports.settled() && a.reports.look(ctx) {
				a.begin(0)
			}
		}
	}
}

func (a *Auditor) lead(q queue) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.queue = q
}

// retire forgets what was found: another replica may find, count and tell something else.
func (a *Auditor) retire() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.queue, a.states, a.pass = nil, map[inventory.Key]state{}, pass{}
	a.retired()
}

func (a *Auditor) work(ctx context.Context, q queue) {
	for {
		key, ended := q.Get()
		if ended || ctx.Err() != nil {
			return
		}
		if err := a.review(ctx, key); err != nil {
			q.AddRateLimited(key)
		} else {
			q.Forget(key)
		}
		q.Done(key)
		a.done(key)
	}
}
