package main

import (
	"context"
	"errors"
	"net"
	"os"
	"slices"
	"strconv"
	"sync"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
	"github.com/bucketwarden/bucketwarden/webhook"
)

// namespace is the gate's own.
const namespace = "bucketwarden"

// gate is two replicas of the binary behind two Services, and what makes the API server call them.
type gate struct {
	cluster      *cluster.Cluster
	admin        client.Client
	binary       string
	flags        []string
	managed      bool // it makes its own certificates
	real, probe  *balancer
	registration *webhook.Registration
	replicas     [2]*replica
	certDir      string
	memory       int64 // of a replica at its most, in bytes
}

// replica is one process of the gate.
type replica struct {
	*cluster.Replica
	endpoint
	forget context.CancelFunc // takes it out of the balancers
}

// openGate makes the Services and the configurations, starts the replicas and returns once both are Ready.
func openGate(ctx context.Context, c *cluster.Cluster, admin client.Client, binary string, sc scenario) (*gate, error) {
	g := &gate{cluster: c, admin: admin, binary: binary, flags: sc.flags, managed: sc.managed}
	if err := g.register(ctx); err != nil {
		return nil, errors.Join(err, g.close(ctx))
	}
	for i := range g.replicas {
		var err error
		if g.replicas[i], err = g.launch(ctx, false); err != nil {
			return nil, errors.Join(err, g.close(ctx))
		}
	}
	for _, r := range g.replicas {
		if err := g.waitReady(ctx, r); err != nil {
			return nil, errors.Join(err, g.close(ctx))
		}
	}
	return g, nil
}

func (g *gate) register(ctx context.Context) (err error) {
	if g.real, err = listen(false); err != nil {
		return err
	}
	if g.probe, err = listen(true); err != nil {
		return err
	}
	real, probe := services(g.real.port(), g.probe.port())
	if g.certDir, err = os.MkdirTemp("", "bucketwarden-chaos-"); err != nil {
		return err
	}
	var ca []byte
	if !g.managed {
		if ca, err = cluster.Certificate(g.certDir, real, probe); err != nil {
			return err
		}
	}
	if g.registration, err = cluster.Registration("bucketwarden", ca, real, probe); err != nil {
		return err
	}
	return g.registration.Apply(ctx, g.admin)
}

// services are what the API server dials. Their ports stand in the configurations, not in them.
func services(real, probe int) (cluster.Service, cluster.Service) {
	return cluster.Service{Namespace: namespace, Name: "bucketwarden", Port: real},
		cluster.Service{Namespace: namespace, Name: "bucketwarden-probe", Port: probe}
}

// launch starts a replica, which the balancers follow from now on. One that is blocked nothing reaches.
func (g *gate) launch(ctx context.Context, blocked bool) (*replica, error) {
	certificate := []string{"--cert-mode", "files", "--cert-dir", g.certDir}
	if g.managed {
		certificate = []string{"--cert-mode", "self"}
	}
	server, err := g.cluster.Launch(g.binary, cluster.ChartEnv(), slices.Concat(certificate, []string{
		"--namespace", namespace, "--shutdown-delay", "2s",
	}, g.flags)...)
	if err != nil {
		return nil, err
	}
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(server.Port))
	r := &replica{Replica: server, endpoint: endpoint{address, server.Readyz}}
	if blocked {
		g.block(address)
	}
	ctx, r.forget = context.WithCancel(ctx)
	go g.real.follow(ctx, r.endpoint)
	go g.probe.follow(ctx, r.endpoint)
	return r, nil
}

func (g *gate) waitReady(ctx context.Context, r *replica) error {
	return r.WaitReady(ctx, func(context.Context) bool { return g.real.has(r.endpoint) })
}

// replace ends a replica in some way and returns once another one is Ready in its place.
func (g *gate) replace(ctx context.Context, i int, end func(*replica) error) error {
	if err := g.succeed(ctx, i, end, false); err != nil {
		return err
	}
	return g.waitReady(ctx, g.replicas[i])
}

// succeed ends a replica in some way and starts another one in its place.
func (g *gate) succeed(ctx context.Context, i int, end func(*replica) error, blocked bool) error {
	g.measure()
	err := end(g.replicas[i])
	g.replicas[i].forget()
	if err != nil {
		return err
	}
	g.replicas[i], err = g.launch(ctx, blocked)
	return err
}

// block has nothing reach an address; "" ends it.
func (g *gate) block(address string) {
	g.real.block(address)
	g.probe.block(address)
}

// blockedProbes is how many calls of probes the other replica gets while one is blocked: of two, that one gets every other.
const blockedProbes = 40

// blocked replaces a replica by one that the API server cannot reach, as behind a firewall. It must not become Ready while the
// other one answers its probes, and must once the way is open.
func (g *gate) blocked(ctx context.Context, i int) error {
	if err := g.succeed(ctx, i, func(r *replica) error { return r.Stop() }, true); err != nil {
		return err
	}
	r, enough := g.replicas[i], g.probe.passedOn()+blockedProbes
	ready := false
	err := r.WaitReady(ctx, func(ctx context.Context) bool {
		ready = cluster.IsReady(ctx, r.readyz)
		return ready || g.probe.passedOn() >= enough
	})
	g.block("")
	switch {
	case err != nil:
		return err
	case ready:
		return errors.New("a replica that the API server cannot reach is ready")
	}
	return g.waitReady(ctx, r)
}

// measure notes how much memory the replicas have taken.
func (g *gate) measure() {
	for _, r := range g.replicas {
		if _, most, err := cluster.Memory(r.PID()); err == nil {
			g.memory = max(g.memory, most)
		}
	}
}

// close takes everything away again. What had been wrong with a replica is in the error.
func (g *gate) close(ctx context.Context) error {
	var err error
	if g.registration != nil {
		err = g.registration.Remove(ctx, g.admin)
	}
	var ends [len(g.replicas)]error
	var stopping sync.WaitGroup // each takes its --shutdown-delay
	for i, r := range g.replicas {
		if r != nil {
			stopping.Go(func() { ends[i] = r.Stop(); r.forget() })
		}
	}
	stopping.Wait()
	err = errors.Join(err, errors.Join(ends[:]...))
	for _, b := range []*balancer{g.real, g.probe} {
		if b != nil {
			b.close()
		}
	}
	return errors.Join(err, os.RemoveAll(g.certDir))
}
