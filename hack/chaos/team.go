package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/util/flowcontrol"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/policy/rules"
)

// everyone is the group of all users, who may do everything that the gate lets them.
const everyone = "chaos:users"

// user returns a client of somebody who is nobody special to the API server's fair queues.
func user(config *rest.Config, mapper client.Options, name string) (client.Client, error) {
	config = rest.CopyConfig(config)
	config.Impersonate = rest.ImpersonationConfig{UserName: name, Groups: []string{everyone}}
	config.QPS = -1 // whoever uses it sets the pace
	config.WarningHandler = rest.NoWarnings{}
	config.Wrap(func(rt http.RoundTripper) http.RoundTripper { return counting{rt} })
	return client.New(config, mapper)
}

// team works on its objects, one request after the other.
type team struct {
	client.Client
	name   string // of its namespace and its bucket too
	pace   flowcontrol.RateLimiter
	random *rand.Rand
	record func(result)
}

// work creates, updates and deletes objects until a moment, or until the work is done so many times.
func (t *team) work(ctx context.Context, until time.Time, prefix string, times int) {
	for n := range times {
		if !time.Now().Before(until) || ctx.Err() != nil {
			return
		}
		k := kinds[n%len(kinds)]
		name := fmt.Sprintf("%s-%s-%d", prefix, t.name, n)
		t.live(ctx, k, name)
		if n%10 == 0 {
			t.ask(ctx, request{verb: "create", dryRun: n%20 == 0, object: bucketACL(t.name), want: answer{rule: rules.ACLWithOwnershipEnforced.ID}})
		}
	}
}

// live is the life of one object: shown, created, changed and, mostly, deleted.
func (t *team) live(ctx context.Context, k kind, name string) {
	t.write(ctx, "create", k, name, true)
	if !t.write(ctx, "create", k, name, false) {
		return
	}
	for range 3 {
		t.write(ctx, "update", k, name, t.random.IntN(3) == 0)
	}
	if t.random.IntN(4) > 0 {
		t.ask(ctx, request{verb: "delete", object: k.object(t.name, name, t.name, "")})
	}
}

// write sends some document, and reports whether it had to be let in.
func (t *team) write(ctx context.Context, verb string, k kind, name string, dryRun bool) bool {
	document, want := pick(t.random, t.name)
	t.ask(ctx, request{verb: verb, dryRun: dryRun, object: k.object(t.name, name, t.name, document), policy: k.policy, want: want})
	return want.rule == ""
}

func (t *team) ask(ctx context.Context, r request) {
	t.pace.Accept()
	t.record(ask(ctx, t, r))
}
