package space

import (
	"context"
	"sync/atomic"
)

// AdmissionBudget is what one question may take, in steps, unless the caller says otherwise: some 2 ms.
const AdmissionBudget = 20_000

// Budget bounds the work of questions, in steps of about a tenth of a microsecond: that of each, and that of all which
// draw on the same pool. Reading what documents say, the search, a search for a string, a witness and the check of a
// proof take steps alike. Past the bound, or once the pool's context has ended, an answer is Undecided.
//
// The zero Budget has no pool: each question takes AdmissionBudget at the most. It is safe for concurrent use; who comes
// first takes first.
type Budget struct {
	most int // of one question, 0 for AdmissionBudget
	pool *pool
}

// pool is what several questions have left together.
type pool struct {
	steps int64
	left  atomic.Int64
	above *pool // that this is a part of
	done  <-chan struct{}
}

// NewBudget returns a pool of some steps, all of which one question may take. It ends with ctx.
func NewBudget(ctx context.Context, steps int) Budget {
	return Budget{most: steps, pool: newPool(int64(steps), nil, ctx.Done())}
}

// Steps returns a budget without a pool: each question takes so many steps at the most, and for 0 AdmissionBudget.
func Steps(most int) Budget { return Budget{most: most} }

func newPool(steps int64, above *pool, done <-chan struct{}) *pool {
	p := &pool{steps: steps, above: above, done: done}
	p.left.Store(steps)
	return p
}

// Share returns the same pool for questions that take so many steps at the most.
func (b Budget) Share(most int) Budget {
	if b.most > 0 {
		most = min(most, b.most)
	}
	return Budget{most: most, pool: b.pool}
}

// Part returns a pool of its own, one of n equal parts of what is left of this one, which is taken off this one as far as
// it is used. Without a pool it returns the same.
func (b Budget) Part(n int) Budget {
	if b.pool == nil {
		return b
	}
	return Budget{most: b.most, pool: newPool(b.pool.rest()/int64(n), b.pool, b.pool.done)}
}

// Spent returns the steps that have been taken off the pool, 0 where there is none.
func (b Budget) Spent() int {
	if b.pool == nil {
		return 0
	}
	return int(b.pool.steps - b.pool.left.Load())
}

// Over reports whether nothing is left in the pool, or its context has ended.
func (b Budget) Over() bool { return b.pool != nil && (b.pool.rest() == 0 || b.pool.ended()) }

// Take takes steps for work that is no question, and reports whether there were any left. Without a pool there always are.
func (b Budget) Take(steps int) bool {
	if b.Over() {
		return false
	}
	for p := b.pool; p != nil; p = p.above {
		p.left.Add(int64(-steps))
	}
	return true
}

// rest returns what is left in a pool and in all that it is a part of.
func (p *pool) rest() int64 {
	rest := p.left.Load()
	for above := p.above; above != nil; above = above.above {
		rest = min(rest, above.left.Load())
	}
	return max(0, rest)
}

func (p *pool) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// open returns what one question has; close takes off the pool what it has taken.
func (b Budget) open() *budget {
	most := b.most
	if most == 0 {
		most = AdmissionBudget
	}
	if b.pool != nil {
		most = min(most, int(b.pool.rest()))
	}
	return &budget{left: most, begun: most, look: most, pool: b.pool}
}

// budget is what one question has left.
type budget struct {
	left, begun int
	glances     int // that have not made a step yet
	look        int // at the context once no more than this is left
	pool        *pool
}

// stepsBetween is how many steps go by from one look at the context to the next.
const stepsBetween = 2_000

// over reports whether the question has to end.
func (b *budget) over() bool {
	if b.left > 0 && b.left <= b.look && b.pool != nil {
		b.look = b.left - stepsBetween
		if b.pool.ended() {
			b.begun -= b.left // what is left was not taken
			b.left = 0
		}
	}
	return b.left <= 0
}

// take takes some steps, and reports whether the question may go on.
func (b *budget) take(steps int) bool {
	b.left -= steps
	return !b.over()
}

// glance takes steps for what is so quick that many make one.
func (b *budget) glance(n int) {
	b.glances += n
	b.left -= b.glances / glancesOfStep
	b.glances %= glancesOfStep
}

// glancesOfStep is how many comparisons of two short texts take as long as a step.
const glancesOfStep = 16

func (b *budget) close() {
	b.left = max(b.left, 0) // what it did not have it has not taken
	for p := b.pool; p != nil; p = p.above {
		p.left.Add(int64(b.left - b.begun))
	}
}
