package webhook

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// asking is somebody who asks a queue, in a bubble of synctest.
type asking struct {
	q     *queue
	mu    sync.Mutex
	ran   []string // flows, in the order in which they were let in
	shed  []string
	ready sync.WaitGroup
}

// ask lets a review of flow come now. It ends when the test calls done.
func (a *asking) ask(flow string) {
	a.ready.Go(func() {
		runs := a.q.enter(flow)
		a.mu.Lock()
		defer a.mu.Unlock()
		if runs {
			a.ran = append(a.ran, flow)
		} else {
			a.shed = append(a.shed, flow)
		}
	})
	synctest.Wait()
}

// done ends the review that ran longest, which took a time, and waits until whoever follows has been let in.
func (a *asking) done(i int, took time.Duration) {
	a.q.leave(a.ran[i], took)
	synctest.Wait()
}

func (a *asking) check(t *testing.T, ran, shed []string) {
	t.Helper()
	if diff := cmp.Diff(ran, a.ran); diff != "" {
		t.Errorf("ran, -want +got:\n%s", diff)
	}
	if diff := cmp.Diff(shed, a.shed); diff != "" {
		t.Errorf("shed, -want +got:\n%s", diff)
	}
}

func queueTest(t *testing.T, limits Limits, f func(a *asking)) {
	t.Helper()
	synctest.Test(t, func(*testing.T) {
		a := &asking{q: newQueue(limits)}
		f(a)
		a.ready.Wait()
	})
}

// Nobody waits while there is room; then first come first served.
func TestQueueInTurn(t *testing.T) {
	queueTest(t, Limits{InFlight: 2, Waiting: 8, Wait: time.Minute}, func(a *asking) {
		for _, flow := range []string{"a", "b", "c", "c", "c"} {
			a.ask(flow)
		}
		a.check(t, []string{"a", "b"}, nil)
		if running, waiting := a.q.load(); running != 2 || waiting != 3 {
			t.Errorf("%d run, %d wait", running, waiting)
		}
		for i := range 5 {
			a.done(i, time.Millisecond)
		}
		a.check(t, []string{"a", "b", "c", "c", "c"}, nil)
		if running, waiting := a.q.load(); running != 0 || waiting != 0 {
			t.Errorf("%d run, %d wait at the end", running, waiting)
		}
	})
}

// Whoever has used least goes first, however many of the others wait.
func TestQueueLeastUsedFirst(t *testing.T) {
	queueTest(t, Limits{InFlight: 1, Waiting: 8, Wait: time.Minute}, func(a *asking) {
		for _, flow := range []string{"flood", "flood", "flood", "flood", "team"} {
			a.ask(flow)
		}
		a.done(0, 10*time.Millisecond)
		a.ask("team")
		a.done(1, time.Millisecond)
		a.done(2, time.Millisecond)
		a.done(3, time.Millisecond)
		a.check(t, []string{"flood", "team", "team", "flood", "flood"}, nil)
		a.done(4, 0)
		a.done(5, 0)
	})
}

// Whoever has used much leaves half of the places to others, also while nobody else is there.
func TestQueueLeavesPlaces(t *testing.T) {
	queueTest(t, Limits{InFlight: 2, Waiting: 9, Wait: time.Minute}, func(a *asking) {
		a.ask("costly")
		a.done(0, time.Second)
		for range 3 {
			a.ask("costly")
		}
		a.check(t, []string{"costly", "costly"}, nil)
		a.ask("other")
		a.check(t, []string{"costly", "costly", "other"}, nil)
		a.done(2, time.Millisecond)
		a.check(t, []string{"costly", "costly", "other"}, nil)
		a.done(1, time.Second)
		a.check(t, []string{"costly", "costly", "other", "costly"}, nil)
		a.done(3, time.Second)
		a.done(4, time.Second)
		if running, waiting := a.q.load(); running+waiting+len(a.q.busy) != 0 {
			t.Errorf("%d run and %d wait in the end, of %v", running, waiting, a.q.busy)
		}
	})
}

// What was used long ago is forgiven.
func TestQueueForgives(t *testing.T) {
	queueTest(t, Limits{InFlight: 1, Waiting: 8, Wait: time.Hour}, func(a *asking) {
		a.ask("early")
		a.done(0, time.Second)
		time.Sleep(20 * halfLife)
		a.ask("late")
		a.done(1, time.Millisecond)
		for _, flow := range []string{"x", "late", "early"} {
			a.ask(flow)
		}
		for i := range 3 {
			a.done(2+i, time.Millisecond)
		}
		a.check(t, []string{"early", "late", "x", "early", "late"}, nil)
	})
}

// A full queue takes from the greediest for who asks less, and never from who asks less for the greediest.
func TestQueueFull(t *testing.T) {
	queueTest(t, Limits{InFlight: 1, Waiting: 3, Wait: time.Minute}, func(a *asking) {
		for _, flow := range []string{"flood", "flood", "flood", "flood", "flood", "team", "other", "flood", "new"} {
			a.ask(flow)
		}
		a.check(t, []string{"flood"}, []string{"flood", "flood", "flood", "flood", "new"})
		for i := range 4 {
			a.done(i, time.Millisecond)
		}
		slices.Sort(a.ran)
		a.check(t, []string{"flood", "flood", "other", "team"}, []string{"flood", "flood", "flood", "flood", "new"})
	})
}

func TestQueueGivesUp(t *testing.T) {
	queueTest(t, Limits{InFlight: 1, Waiting: 3, Wait: time.Second}, func(a *asking) {
		a.ask("a")
		a.ask("b")
		time.Sleep(2 * time.Second)
		synctest.Wait()
		a.check(t, []string{"a"}, []string{"b"})
		a.done(0, time.Second)
		a.ask("c")
		a.check(t, []string{"a", "c"}, []string{"b"})
		a.done(1, time.Second)
	})
}

// With many at once nobody is forgotten, and never do more run than may.
func TestQueueCrowd(t *testing.T) {
	q := newQueue(Limits{InFlight: 3, Waiting: 20, Wait: time.Millisecond})
	var running, ran, shed atomic.Int64
	var all sync.WaitGroup
	for i := range 64 {
		flow := string(rune('a' + i%7))
		all.Go(func() {
			for range 200 {
				if !q.enter(flow) {
					shed.Add(1)
					continue
				}
				if n := running.Add(1); n > 3 {
					t.Errorf("%d run at once", n)
				}
				ran.Add(1)
				running.Add(-1)
				q.leave(flow, time.Microsecond)
			}
		})
	}
	all.Wait()
	if ran.Load()+shed.Load() != 64*200 || ran.Load() == 0 {
		t.Errorf("%d ran, %d were shed of %d", ran.Load(), shed.Load(), 64*200)
	}
	if running, waiting := q.load(); running != 0 || waiting != 0 {
		t.Errorf("%d run, %d wait at the end", running, waiting)
	}
}
