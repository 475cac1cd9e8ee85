package main

import (
	"context"
	"fmt"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
)

// warmUp waits until every webhook is called, and notes the memory of those that have had nothing to do.
func warmUp(ctx context.Context, c client.Client, arms []*arm) error {
	for _, a := range arms {
		if a.server == nil {
			continue
		}
		var err error
		if a.Idle, _, err = cluster.Memory(a.server.PID()); err != nil {
			return err
		}
		if err := a.called(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// called returns once the API server calls the webhook, which is some time after it was told to: the process has something
// to do then.
func (a *arm) called(ctx context.Context, c client.Client) error {
	idle, err := a.cpu()
	if err != nil {
		return err
	}
	deadline := time.Now().Add(time.Minute)
	for busy := idle; busy < idle+5*cluster.Tick; {
		if err := operations[0].send(ctx, c, a.namespace(), 0); err != nil {
			return err
		}
		if busy, err = a.cpu(); err != nil {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("the API server does not call %s", a.Name)
		}
	}
	return nil
}
