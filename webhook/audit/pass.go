package audit

import (
	"time"

	"github.com/bucketwarden/bucketwarden/webhook/inventory"
)

// pass is a review of everything.
type pass struct {
	began time.Time
	left  map[inventory.Key]bool
}

// begin has everything reviewed within a time, and forgets what is gone.
func (a *Auditor) begin(within time.Duration) {
	keys := a.Objects.Keys()
	a.mu.Lock()
	defer a.mu.Unlock()
	a.pass = pass{began: time.Now(), left: map[inventory.Key]bool{}}
	for key := range a.states {
		a.pass.left[key] = true
	}
	for _, key := range keys {
		a.pass.left[key] = true
	}
	if len(a.pass.left) == 0 {
		a.finish()
		return
	}
	step, after := within/time.Duration(len(a.pass.left)), time.Duration(0)
	for key := range a.pass.left {
		a.queue.AddAfter(key, after)
		after += step
	}
}

// finish notes the end of a pass. a.mu is held.
func (a *Auditor) finish() {
	took := time.Since(a.pass.began)
	a.passed.WithLabelValues().SetToCurrentTime()
	a.duration.WithLabelValues().Set(took.Seconds())
	a.Passed()
	a.Log.V(1).Info("reviewed everything", "objects", len(a.states), "took", took.String())
}

func (a *Auditor) done(key inventory.Key) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.pass.left[key] {
		delete(a.pass.left, key)
		if len(a.pass.left) == 0 {
			a.finish()
		}
	}
}
