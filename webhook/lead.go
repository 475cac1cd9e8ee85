package webhook

import (
	"context"
	"crypto/rand"
	"os"
	"time"

	"github.com/go-logr/logr"
	"golang.org/x/sync/errgroup"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
)

// leaseName is the name of the Lease of who does the work that only one replica may do.
const leaseName = "bucketwarden.dev"

// leader works on one replica at a time. It is a manager.Runnable. The manager's own election ends the process of who loses the
// lease, and with it what answers requests: here that costs the work alone, which goes on with the next lease.
type leader struct {
	lock                  resourcelock.Interface
	lease, renewal, retry time.Duration
	work                  func(ctx context.Context) error // until ctx ends, and again later
	log                   logr.Logger
}

// newLeader does all of work at once. A lease outlives an etcd that is slow for some seconds.
func newLeader(config *rest.Config, namespace string, log logr.Logger, work ...func(context.Context) error) (*leader, error) {
	l := &leader{lease: time.Minute, renewal: 45 * time.Second, retry: 5 * time.Second, work: together(work), log: log}
	host, err := os.Hostname()
	if err != nil {
		return nil, err
	}
	identity := resourcelock.ResourceLockConfig{Identity: host + "_" + rand.Text()}
	l.lock, err = resourcelock.NewFromKubeconfig(resourcelock.LeasesResourceLock, namespace, leaseName, identity, config, l.renewal)
	return l, err
}

// together returns once all of work has ended; when one fails, the others end.
func together(work []func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		all, ctx := errgroup.WithContext(ctx)
		for _, f := range work {
			all.Go(func() error { return f(ctx) })
		}
		return all.Wait()
	}
}

// Start implements manager.Runnable.
func (l *leader) Start(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := l.term(ctx); err != nil {
			return ignoreEnd(ctx, err)
		}
	}
	return nil
}

// term waits for the lease, and works until it is lost.
func (l *leader) term(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	won := make(chan context.Context, 1)
	elector, err := leaderelection.NewLeaderElector(leaderelection.LeaderElectionConfig{
		Lock: l.lock, Name: leaseName, ReleaseOnCancel: true,
		LeaseDuration: l.lease, RenewDeadline: l.renewal, RetryPeriod: l.retry,
		Callbacks: leaderelection.LeaderCallbacks{
			OnStartedLeading: func(ctx context.Context) { won <- ctx },
			OnStoppedLeading: func() {},
		},
	})
	if err != nil {
		return err
	}
	over := make(chan struct{})
	go func() {
		defer close(over)
		elector.Run(logr.NewContext(ctx, l.log)) // from which klog has it
	}()
	select {
	case <-over:
		return nil
	case term := <-won:
		l.log.Info("leads: has the lease " + leaseName)
		err = l.work(term)
	}
	if err == nil && ctx.Err() == nil {
		l.log.Info("leads no more: lost the lease " + leaseName)
	}
	cancel()
	<-over
	return err
}
