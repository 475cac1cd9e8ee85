package webhook

import (
	"cmp"
	"math"
	"runtime"
	"slices"
	"sync"
	"time"

	"k8s.io/utils/lru"
)

// Limits bound what the server works on at once. A review past them is shed: the answer is 429 with Retry-After, after
// which every client of Kubernetes tries again by itself.
type Limits struct {
	InFlight int           // reviews at a time; 0 for one a processor, as a review does nothing but compute
	Waiting  int           // reviews that wait for their turn; 0 for none
	Wait     time.Duration // the longest that one waits
}

// DefaultLimits leave an API server, which waits for two or three seconds, the time to hear that it should come again.
var DefaultLimits = Limits{Waiting: 256, Wait: time.Second}

// oneAtATime is for what takes long and is rare.
var oneAtATime = Limits{InFlight: 1, Waiting: 8, Wait: time.Second}

const (
	// halfLife is how long it takes until what a flow has used counts half.
	halfLife = 10 * time.Second
	// waits is what a review that waits counts as, in seconds: one of an ordinary policy takes less.
	waits = 0.001
	// costly is how many seconds a flow has to have used of late to run in half of the places at the most.
	costly = 0.25
	// knownFlows is of how many flows it is known what they have used. One that is forgotten has used nothing.
	knownFlows = 4096
)

// queue lets a few reviews run at a time and the rest wait. The flow that has used least of late goes first, first come
// first served within each. When the queue is full, the flow that has used and asks most loses its last. So whoever
// floods the server waits behind the others: taking turns alone would give a hostile policy, which takes a hundred times
// longer to judge, a hundred times the share. And as nothing that runs is interrupted, a flow that has used much leaves half
// of the places to others, who find one free.
type queue struct {
	limits Limits
	now    func() time.Time

	mu      sync.Mutex
	running int
	busy    map[string]int // how many of a flow run; no zeros
	waiting int
	flows   map[string][]*waiter // who waits; no empty ones
	order   []string             // the keys of flows, in the order in which they came
	used    *lru.Cache           // used by flow
}

// waiter is one review that waits: true tells it to run, false that it is shed.
type waiter struct{ answer chan bool }

// used is how long a flow's reviews ran, in seconds, as it counted at a time.
type used struct {
	seconds float64
	at      time.Time
}

func newQueue(limits Limits) *queue {
	limits.InFlight = cmp.Or(limits.InFlight, runtime.GOMAXPROCS(0))
	return &queue{limits: limits, now: time.Now, flows: map[string][]*waiter{}, busy: map[string]int{}, used: lru.New(knownFlows)}
}

// enter returns true when the review may run, after which leave has to be called, and false when it is shed.
func (q *queue) enter(flow string) bool {
	w, runs := q.join(flow)
	if w == nil {
		return runs
	}
	timer := time.NewTimer(q.limits.Wait)
	defer timer.Stop()
	select {
	case runs := <-w.answer:
		return runs
	case <-timer.C:
		return q.giveUp(flow, w)
	}
}

// join runs the review at once, sheds it at once, or returns its place in the queue.
func (q *queue) join(flow string) (w *waiter, runs bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.mayRun(flow) {
		q.start(flow)
		return nil, true
	}
	if q.waiting >= q.limits.Waiting {
		greediest, most := q.greediest()
		if most <= q.asks(flow)+waits { // making room would only turn the tables
			return nil, false
		}
		q.drop(greediest, len(q.flows[greediest])-1).answer <- false
	}
	w = &waiter{make(chan bool, 1)}
	if len(q.flows[flow]) == 0 {
		q.order = append(q.order, flow)
	}
	q.flows[flow] = append(q.flows[flow], w)
	q.waiting++
	return w, false
}

// mayRun reports whether a review of a flow may run now.
func (q *queue) mayRun(flow string) bool {
	return q.running < q.limits.InFlight && (q.busy[flow] < max(1, q.limits.InFlight/2) || q.hasUsed(flow) < costly)
}

func (q *queue) start(flow string) {
	q.running++
	q.busy[flow]++
}

// greediest returns the flow that has used and asks most, and how much; "" when nobody waits.
func (q *queue) greediest() (flow string, most float64) {
	for _, f := range q.order {
		if asks := q.asks(f); asks > most {
			flow, most = f, asks
		}
	}
	return flow, most
}

// asks is what a flow has used and what of it waits.
func (q *queue) asks(flow string) float64 {
	return q.hasUsed(flow) + waits*float64(len(q.flows[flow]))
}

func (q *queue) hasUsed(flow string) float64 {
	v, ok := q.used.Get(flow)
	if !ok {
		return 0
	}
	u := v.(used)
	return u.seconds * math.Exp2(-float64(q.now().Sub(u.at))/float64(halfLife))
}

// drop takes one waiter out of the queue.
func (q *queue) drop(flow string, i int) *waiter {
	w := q.flows[flow][i]
	q.flows[flow] = slices.Delete(q.flows[flow], i, i+1)
	q.waiting--
	if len(q.flows[flow]) == 0 {
		delete(q.flows, flow)
		q.order = slices.DeleteFunc(q.order, func(f string) bool { return f == flow })
	}
	return w
}

// giveUp ends the wait of w. It may have been answered at the same moment; that counts.
func (q *queue) giveUp(flow string, w *waiter) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if i := slices.Index(q.flows[flow], w); i >= 0 {
		q.drop(flow, i)
		return false
	}
	return <-w.answer
}

// leave hands the place of a review of flow that has run for a time to the flow that has used least and may run.
func (q *queue) leave(flow string, ran time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.used.Add(flow, used{q.hasUsed(flow) + ran.Seconds(), q.now()})
	q.running--
	if q.busy[flow]--; q.busy[flow] == 0 {
		delete(q.busy, flow)
	}
	for {
		next, least := "", math.Inf(1)
		for _, f := range q.order {
			if u := q.hasUsed(f); u < least && q.mayRun(f) {
				next, least = f, u
			}
		}
		if math.IsInf(least, 1) {
			return
		}
		q.start(next)
		q.drop(next, 0).answer <- true
	}
}

// load returns how many reviews run and wait now.
func (q *queue) load() (running, waiting int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.running, q.waiting
}
