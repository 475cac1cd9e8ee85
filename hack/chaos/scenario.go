package main

import (
	"bytes"
	"context"
	"fmt"
	"syscall"
	"time"

	admissionregistration "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// scenario is something that happens while the teams work.
type scenario struct {
	name    string
	flags   []string // of the gate
	managed bool     // it makes its own certificates
	flood   *flood   // hostile documents come all the time, nil for none
	goal    goal
	// disturb does it the n-th time, and returns once that is over. nil does nothing.
	disturb func(ctx context.Context, s *stage, n int) error
}

// goal is what a scenario must keep, besides that nothing is lost, wrongly admitted or wrongly refused.
type goal struct {
	firstTry     bool // nothing has to be asked again
	unpatched    bool // objects may stay unpatched: the mutating webhook fails open
	disturbances int  // at the least
}

var scenarios = []scenario{
	{name: "calm", goal: goal{firstTry: true}},
	{name: "rolling", goal: goal{firstTry: true, disturbances: 1}, disturb: func(ctx context.Context, s *stage, n int) error {
		return s.gate.replace(ctx, n%2, func(r *replica) error { return r.Stop() })
	}},
	{name: "kill", goal: goal{unpatched: true, disturbances: 1}, disturb: func(ctx context.Context, s *stage, n int) error {
		return s.gate.replace(ctx, n%2, func(r *replica) error { r.Kill(); return nil })
	}},
	{
		name: "rotation", managed: true, flags: []string{"--ca-duration", "1m", "--cert-duration", "9s"},
		goal: goal{firstTry: true, disturbances: 1},
		disturb: func(ctx context.Context, s *stage, _ int) error {
			pause(ctx, 3*time.Second) // the certificates go on of themselves, every six seconds
			return s.rotate(ctx)
		},
	},
	{name: "apiserver", goal: goal{disturbances: 1}, disturb: func(ctx context.Context, s *stage, _ int) error {
		pause(ctx, 2*time.Second)
		return s.cluster.RestartAPIServer(ctx)
	}},
	{name: "etcd", goal: goal{disturbances: 1}, disturb: func(ctx context.Context, s *stage, _ int) error {
		pause(ctx, time.Second)
		return s.pauseEtcd(ctx)
	}},
	{name: "blocked", goal: goal{firstTry: true, disturbances: 1}, disturb: func(ctx context.Context, s *stage, n int) error {
		return s.gate.blocked(ctx, n%2)
	}},
	{name: "flood", goal: goal{unpatched: true}, flood: &flood{users: 48, each: 1, documents: hostile}},
	{name: "costly", flood: &flood{users: 1, each: 8, documents: costly}},
	{name: "idle", goal: goal{firstTry: true, disturbances: 1}, disturb: func(ctx context.Context, s *stage, _ int) error {
		hangUp, err := s.gate.idle(ctx)
		pause(ctx, time.Second)
		hangUp()
		return err
	}},
}

// pause lets some time go by between two disturbances.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// pauseEtcd stops etcd's clock for some seconds.
func (s *stage) pauseEtcd(ctx context.Context) error {
	etcd, err := s.cluster.Etcd()
	if err != nil {
		return err
	}
	if err := etcd.Signal(syscall.SIGSTOP); err != nil {
		return fmt.Errorf("etcd: %w", err)
	}
	pause(ctx, 3*time.Second)
	return etcd.Signal(syscall.SIGCONT)
}

// rotationTimeout is many times what one may take.
const rotationTimeout = time.Minute

// rotate takes the authority away, and returns once the API server is told of another one.
func (s *stage) rotate(ctx context.Context) error {
	before, err := s.bundle(ctx)
	if err != nil {
		return err
	}
	secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "bucketwarden-ca"}}
	if err := client.IgnoreNotFound(s.admin.Delete(ctx, secret)); err != nil {
		return err
	}
	return wait.PollUntilContextTimeout(ctx, 100*time.Millisecond, rotationTimeout, true, func(ctx context.Context) (bool, error) {
		now, err := s.bundle(ctx)
		return err == nil && !bytes.HasPrefix(now, before[:min(len(before), len(now))]), err
	})
}

// bundle is what the API server verifies the gate by, the newest authority first.
func (s *stage) bundle(ctx context.Context) ([]byte, error) {
	var c admissionregistration.ValidatingWebhookConfiguration
	if err := s.admin.Get(ctx, client.ObjectKey{Name: "bucketwarden"}, &c); err != nil {
		return nil, err
	}
	return c.Webhooks[0].ClientConfig.CABundle, nil
}
