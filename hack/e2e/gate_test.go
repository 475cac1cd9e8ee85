//go:build e2e

package e2e

import (
	"context"
	"errors"
	"net"
	"strconv"
	"testing"
	"time"

	"github.com/go-logr/logr"
	admissionregistration "k8s.io/api/admissionregistration/v1"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/webhook"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// settings are what tests start the gate with.
type settings struct {
	level  policy.Level
	denial webhook.Denial
}

// gate is a webhook server in this process.
type gate struct {
	settings
	health string // host:port
	cancel context.CancelFunc
	ended  chan struct{}
	err    error // once ended is closed
}

// serve starts a server.
func serve(o webhook.Options) *gate {
	ctx, cancel := context.WithCancel(context.Background())
	g := &gate{health: o.HealthAddr, cancel: cancel, ended: make(chan struct{})}
	go func() {
		defer close(g.ended)
		g.err = webhook.Serve(ctx, o)
	}()
	return g
}

func (g *gate) stop() error {
	g.cancel()
	select {
	case <-g.ended:
		return g.err
	case <-time.After(time.Minute):
		return errors.New("the gate does not stop")
	}
}

// baseline starts the gate as it is by default, unless it runs.
func baseline(t *testing.T) { start(t, settings{policy.Baseline, webhook.Forbidden}) }

func start(t *testing.T, s settings) {
	t.Helper()
	if suite.gate != nil && suite.gate.settings == s {
		return
	}
	startWith(t, options(t, s)).settings = s
}

// startWith starts the gate in place of the one that runs.
func startWith(t *testing.T, o webhook.Options) *gate {
	t.Helper()
	if err := stopGate(); err != nil {
		t.Fatal(err)
	}
	reached := make(chan struct{})
	o.RegisterLocal, o.Reached = true, func() { close(reached) }
	g := serve(o)
	suite.gate = g
	select {
	case <-reached:
		slowDown(t)
	case <-g.ended:
		t.Fatalf("the gate ended: %v", g.err)
	case <-time.After(time.Minute):
		t.Fatal("the API server does not reach the gate")
	}
	return g
}

func options(t *testing.T, s settings) webhook.Options {
	t.Helper()
	ports, err := cluster.FreePorts(2)
	if err != nil {
		t.Fatal(err)
	}
	return webhook.Options{
		Config: rest.CopyConfig(suite.Config), Namespace: "default", Port: ports[0], Limits: webhook.DefaultLimits,
		Adopters: webhook.DefaultAdopters(), MetricsAddr: "0", HealthAddr: net.JoinHostPort("127.0.0.1", strconv.Itoa(ports[1])),
		Reviewer: review.Reviewer{Rules: rules.All, Level: s.level}, Denial: s.denial, Log: logr.Discard(),
	}
}

// slowDown gives both webhooks the time that a busy machine takes: how long they may take is not what is tested.
func slowDown(t *testing.T) {
	t.Helper()
	c, long := newPerson(t), int32(30)
	mutating, validating := &admissionregistration.MutatingWebhookConfiguration{}, &admissionregistration.ValidatingWebhookConfiguration{}
	key := client.ObjectKey{Name: "bucketwarden"}
	if err := errors.Join(c.Get(t.Context(), key, mutating), c.Get(t.Context(), key, validating)); err != nil {
		t.Fatal(err)
	}
	for i := range mutating.Webhooks {
		mutating.Webhooks[i].TimeoutSeconds = &long
	}
	for i := range validating.Webhooks {
		validating.Webhooks[i].TimeoutSeconds = &long
	}
	if err := errors.Join(c.Update(t.Context(), mutating), c.Update(t.Context(), validating)); err != nil {
		t.Fatal(err)
	}
}

// stopGate stops the gate, if one runs.
func stopGate() error {
	g := suite.gate
	if g == nil {
		return nil
	}
	suite.gate = nil
	return g.stop()
}
