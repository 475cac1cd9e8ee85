//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	admissionregistration "k8s.io/api/admissionregistration/v1"
	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
)

// load sends requests one after another until the test ends, and complains about each answer that lacks a rule.
func (p *person) load(ctx context.Context, running *sync.WaitGroup, name, want string) *atomic.Int64 {
	var sent atomic.Int64
	running.Go(func() {
		for ctx.Err() == nil {
			err := p.Create(ctx, wildcard("default", name), client.DryRunAll)
			if ctx.Err() != nil {
				return
			}
			if sent.Add(1); err == nil || !strings.Contains(err.Error(), want) {
				p.t.Errorf("%s: answered %v, want %s", name, err, want)
				return
			}
		}
	})
	return &sent
}

// unwatched takes the webhook of the configuration away, as while it is down, so that what is broken gets in.
func unwatched(t *testing.T, p *person) {
	t.Helper()
	var c admissionregistration.ValidatingWebhookConfiguration
	if err := p.Get(t.Context(), client.ObjectKey{Name: "bucketwarden"}, &c); err != nil {
		t.Fatal(err)
	}
	kept := c.Webhooks[:0]
	for _, w := range c.Webhooks {
		if w.Name != "settings.bucketwarden.dev" {
			kept = append(kept, w)
		}
	}
	c.Webhooks = kept
	if err := p.Update(t.Context(), &c); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stopGate(); err != nil { // the next one registers anew
			t.Error(err)
		}
	})
	broken := ruleset(t, "not-yet", `{rules: [{id: BW999, action: Deny}]}`)
	eventually(t, "nobody reads what is written", func() bool { return p.Create(t.Context(), broken.DeepCopy(), client.DryRunAll) == nil })
}

// While Rulesets are edited, broken and deleted around it, what one of them refuses is refused at every moment, and what
// another one changes is soon changed.
func TestConfigurationChaos(t *testing.T) {
	baseline(t)
	p := newPerson(t)
	unwatched(t, p)
	floor := ruleset(t, "chaos-floor", `{level: restricted}`)
	p.create(floor)
	p.answers(wildcard("default", "chaos"), "BW701")

	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	sent := newPerson(t).load(ctx, &running, "chaos-a", "BW701")
	also := newPerson(t).load(ctx, &running, "chaos-b", "BW701")
	specs := []string{
		`{level: privileged}`, `{level: baseline, rules: [{id: BW701, action: "Off"}]}`, `{rules: [{id: BW999, action: Deny}]}`,
		`{forbid: [{Effect: Allow}]}`, `{cap: [{Effect: Allow, Principal: "*", Action: "s3:*", Resource: "*"}]}`, `{trust: {networks: [nowhere]}}`,
	}
	random := rand.New(rand.NewPCG(1, 2))
	edited, longest := 0, time.Duration(0)
	for range 60 {
		other := ruleset(t, fmt.Sprintf("chaos-%d", random.IntN(4)), specs[random.IntN(len(specs))])
		switch err := p.Create(t.Context(), other); {
		case apierrors.IsAlreadyExists(err) && random.IntN(3) == 0:
			p.remove(other)
		case apierrors.IsAlreadyExists(err):
			old := p.again(other)
			old.Object["spec"] = other.Object["spec"]
			if err := p.Update(t.Context(), old); err != nil {
				t.Fatal(err)
			}
		case err != nil:
			t.Fatal(err)
		}
		edited++
	}
	for i := range 5 {
		flip := ruleset(t, fmt.Sprintf("chaos-flip-%d", i), `{rules: [{id: BW601, action: Deny}]}`)
		if err := p.Create(t.Context(), flip); err != nil {
			t.Fatal(err)
		}
		since := time.Now()
		p.answers(wildcard("default", "chaos-flip"), "BW601")
		longest = max(longest, time.Since(since))
		p.remove(flip)
	}
	cancel()
	running.Wait()
	for i := range 4 {
		p.remove(ruleset(t, fmt.Sprintf("chaos-%d", i), "{}"))
	}
	t.Logf("%d edits under %d requests, none judged without its Ruleset; a new one was obeyed after %s at the most", edited, sent.Load()+also.Load(), longest)
}

// Whoever deletes a CRD deletes all Rulesets with it, and has not given up their rules by that.
func TestConfigurationVanishes(t *testing.T) {
	baseline(t)
	p := newPerson(t)
	p.create(ruleset(t, "vanishes", `{level: restricted}`))
	next := wildcard("default", "vanishes")
	p.answers(next, "BW701")
	crd := &apiextensions.CustomResourceDefinition{ObjectMeta: metav1.ObjectMeta{Name: "rulesets.bucketwarden.dev"}}
	if err := p.Delete(t.Context(), crd); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the CRD is gone", func() bool {
		return apierrors.IsNotFound(p.Get(t.Context(), client.ObjectKeyFromObject(crd), crd))
	})
	for range 50 {
		if err := p.Create(t.Context(), next.DeepCopy(), client.DryRunAll); err == nil || !strings.Contains(err.Error(), "BW701") {
			t.Fatalf("judged without the Ruleset: %v", err)
		}
	}
	if err := cluster.InstallConfiguration(suite.Config, root); err != nil {
		t.Fatal(err)
	}
	again := ruleset(t, "vanishes", `{level: baseline}`)
	if err := p.Create(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	p.answers(next, "")
}
