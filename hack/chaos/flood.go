package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook/inventory"
)

// mostFlood is how many dry-runs all flooders send together.
const mostFlood = 20_000

// flood is who floods the gate: users, each with so many requests at a time, of hostile documents.
type flood struct {
	users, each int
	documents   func(g *rand.Rand) []string
}

// flooding counts what became of the flood, whose requests are asked once.
type flooding struct {
	Requests   int            `json:"requests"`
	Right      int            `json:"right"`
	Refused    int            `json:"wronglyRefused"`
	Unanswered map[string]int `json:"unanswered"`
}

func (f flooding) String() string {
	return fmt.Sprintf("%d requests, %d answered right, %d wrongly refused, unanswered: %v", f.Requests, f.Right, f.Refused, f.Unanswered)
}

// start returns what sends hostile documents from several users at once, as fast as they are answered, until ctx ends.
// Nothing of it is stored. What is wrongly admitted counts in the tally. To find the right answers takes seconds.
func (f flood) start(s *stage, t *tally) (func(ctx context.Context), error) {
	var requests []request
	g := seeded(0)
	for range 4 {
		for _, document := range f.documents(g) {
			r, err := hostileRequest(context.Background(), document)
			if err != nil {
				return nil, err
			}
			requests = append(requests, r)
		}
	}
	t.Flood = &flooding{Unanswered: map[string]int{}}
	var users []client.Client
	for i := range f.users {
		c, err := user(s.cluster.Config, s.options, fmt.Sprint("flooder-", i))
		if err != nil {
			return nil, err
		}
		users = append(users, c)
	}
	return func(ctx context.Context) {
		var all sync.WaitGroup
		for i := range f.users * f.each {
			c := users[i%f.users]
			all.Go(func() {
				for n := 0; n < mostFlood/(f.users*f.each) && ctx.Err() == nil; n++ {
					r := requests[(i+n)%len(requests)]
					got, err := r.send(ctx, c)
					if v, why := r.judge(got, err, false); ctx.Err() == nil {
						t.flooded(v, why, r)
					}
					if err != nil {
						time.Sleep(10 * time.Millisecond) // it is the gate that is flooded, not the API server
					}
				}
			})
		}
		all.Wait()
	}, nil
}

// floodTimeout is many times what the first answer to a flood may take.
const floodTimeout = time.Minute

// awaitFlood returns once something of the flood is answered, which on a busy machine may take longer than the scenario,
// or after floodTimeout.
func (t *tally) awaitFlood(ctx context.Context) {
	// What did not come in time is a goal that is missed.
	_ = wait.PollUntilContextTimeout(ctx, 100*time.Millisecond, floodTimeout, true, func(context.Context) (bool, error) {
		t.mu.Lock()
		defer t.mu.Unlock()
		return t.Flood.Right > 0, nil
	})
}

// hostileRequest finds out what the rules make of a document, given the time that they need.
func hostileRequest(ctx context.Context, document string) (request, error) {
	k := kinds[0]
	r := request{
		verb: "create", dryRun: true, object: k.object("default", "hostile", "b", document),
		policy: k.policy, want: answer{policy: document},
	}
	v, _, err := reviewer.Object(ctx, r.object.Object, &inventory.Index{})
	for _, f := range v.Findings {
		if f.Action == policy.Deny {
			r.want = answer{rule: f.Rule.ID}
		}
	}
	return r, err
}

func (t *tally) flooded(v verdict, why string, r request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.Flood.Requests++
	switch v {
	case right, unpatched:
		t.Flood.Right++
	case refused:
		t.Flood.Refused++
		t.note(fmt.Sprintf("flood: %s: want %+.20v, got %s", v, r.want, why))
	case admitted:
		t.Admitted++
		t.note(fmt.Sprintf("flood: %s: want %+v", v, r.want))
	default:
		t.Flood.Unanswered[why]++
	}
}
