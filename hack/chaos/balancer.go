package main

import (
	"context"
	"io"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
)

// pollEvery is how often the balancer asks a replica whether it is ready.
const pollEvery = 100 * time.Millisecond

// endpoint is where a replica listens.
type endpoint struct {
	address string // of the webhooks
	readyz  string // URL
}

// balancer passes TCP connections on to replicas, as a Service does: it never looks inside TLS. Connections stay where
// they are when their endpoint goes out.
type balancer struct {
	listener net.Listener
	notReady bool // endpoints that are not ready are in too, as with publishNotReadyAddresses

	mu      sync.Mutex
	in      map[endpoint]bool
	blocked string // an address that nothing reaches, although it is in
	passed  int    // connections that were passed on
	next    int
}

// listen starts a balancer without endpoints.
func listen(notReady bool) (*balancer, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	b := &balancer{listener: l, notReady: notReady, in: map[endpoint]bool{}}
	go b.accept()
	return b, nil
}

func (b *balancer) port() int { return b.listener.Addr().(*net.TCPAddr).Port }

func (b *balancer) close() { _ = b.listener.Close() }

func (b *balancer) accept() {
	for {
		c, err := b.listener.Accept()
		if err != nil {
			return // closed
		}
		go b.serve(c.(*net.TCPConn))
	}
}

// follow keeps an endpoint in while it is ready, until ctx ends.
func (b *balancer) follow(ctx context.Context, e endpoint) {
	for tick := time.NewTicker(pollEvery); ; {
		b.set(e, b.notReady || cluster.IsReady(ctx, e.readyz))
		select {
		case <-ctx.Done():
			tick.Stop()
			b.set(e, false)
			return
		case <-tick.C:
		}
	}
}

func (b *balancer) set(e endpoint, in bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if in {
		b.in[e] = true
		return
	}
	delete(b.in, e)
}

// block has nothing reach an address, as a firewall does; "" ends it.
func (b *balancer) block(address string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.blocked = address
}

func (b *balancer) isBlocked(address string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.blocked == address
}

// passedOn counts the connections that a replica has taken.
func (b *balancer) passedOn() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.passed
}

func (b *balancer) count() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.passed++
}

func (b *balancer) has(e endpoint) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.in[e]
}

// turn returns the addresses that are in, another one first every time.
func (b *balancer) turn() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []string
	for e := range b.in {
		out = append(out, e.address)
	}
	slices.Sort(out)
	if len(out) == 0 {
		return nil
	}
	b.next++
	first := b.next % len(out)
	return append(out[first:], out[:first]...)
}

// serve passes one connection on to the first replica that takes it. With none it is reset, as nobody listens, and so is one
// whose turn it is to meet a blocked replica.
func (b *balancer) serve(client *net.TCPConn) {
	for _, address := range b.turn() {
		if b.isBlocked(address) {
			break
		}
		server, err := net.DialTimeout("tcp", address, time.Second)
		if err != nil {
			continue
		}
		b.count()
		var both sync.WaitGroup
		both.Go(func() { pass(client, server.(*net.TCPConn)) })
		both.Go(func() { pass(server.(*net.TCPConn), client) })
		both.Wait()
		_, _ = client.Close(), server.Close()
		return
	}
	reset(client)
}

// pass copies until from ends, and ends to in the same way.
func pass(from, to *net.TCPConn) {
	_, err := io.Copy(to, from)
	if err != nil {
		reset(from)
		reset(to)
		return
	}
	_ = to.CloseWrite() // all that can fail is that it is closed already
}

func reset(c *net.TCPConn) {
	_ = c.SetLinger(0)
	_ = c.Close()
}
