package webhook

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/go-logr/logr"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
)

// lease is a Lease on an API server that may be away.
type lease struct {
	mu     sync.Mutex
	record *resourcelock.LeaderElectionRecord
	away   bool
}

var errAway = errors.New("connection refused")

func (l *lease) Get(context.Context) (*resourcelock.LeaderElectionRecord, []byte, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.away:
		return nil, nil, errAway
	case l.record == nil:
		return nil, nil, apierrors.NewNotFound(schema.GroupResource{Resource: "leases"}, leaseName)
	}
	record := *l.record
	return &record, []byte(record.HolderIdentity + record.RenewTime.String()), nil
}

func (l *lease) Create(ctx context.Context, r resourcelock.LeaderElectionRecord) error {
	return l.Update(ctx, r)
}

func (l *lease) Update(_ context.Context, r resourcelock.LeaderElectionRecord) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.away {
		return errAway
	}
	l.record = &r
	return nil
}

func (l *lease) set(away bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.away = away
}

func (l *lease) holder() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.record.HolderIdentity
}

func (l *lease) RecordEvent(string) {}
func (l *lease) Identity() string   { return "me" }
func (l *lease) Describe() string   { return leaseName }

func leaderOf(l resourcelock.Interface, work ...func(context.Context) error) *leader {
	return &leader{
		lock: l, lease: 400 * time.Millisecond, renewal: 200 * time.Millisecond, retry: 20 * time.Millisecond,
		work: together(work), log: logr.Discard(),
	}
}

// Who loses the lease stops to work, waits, and works again; at the end the lease is free for the next one.
func TestLeader(t *testing.T) {
	lock, began, ended := &lease{}, make(chan struct{}), make(chan struct{})
	l := leaderOf(lock, func(ctx context.Context) error {
		began <- struct{}{}
		<-ctx.Done()
		ended <- struct{}{}
		return nil
	})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	over := make(chan error)
	go func() { over <- l.Start(ctx) }()
	<-began
	lock.set(true)
	<-ended
	lock.set(false)
	<-began
	if got := lock.holder(); got != "me" {
		t.Errorf("%q holds the lease", got)
	}
	cancel()
	<-ended
	if err := <-over; err != nil {
		t.Error(err)
	}
	if got := lock.holder(); got != "" {
		t.Errorf("%q holds the lease at the end", got)
	}
}

// When one part of the work fails, the others end, and so does the process.
func TestLeaderFails(t *testing.T) {
	failed := errors.New("no report can be written")
	l := leaderOf(&lease{}, func(ctx context.Context) error { <-ctx.Done(); return nil }, func(context.Context) error { return failed })
	if err := l.Start(t.Context()); !errors.Is(err, failed) {
		t.Errorf("the work ended with %v", err)
	}
}

// A server that stops while another one leads ends.
func TestLeaderWaits(t *testing.T) {
	lock := &lease{away: true}
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan error)
	go func() { over <- leaderOf(lock).Start(ctx) }()
	cancel()
	if err := <-over; err != nil {
		t.Error(err)
	}
}
