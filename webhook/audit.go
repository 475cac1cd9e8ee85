package webhook

import (
	"context"
	"errors"
	"time"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/manager"

	"github.com/bucketwarden/bucketwarden/api/v1alpha1"
	"github.com/bucketwarden/bucketwarden/webhook/audit"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// Audit is how what is already in the cluster is reviewed.
type Audit struct {
	Enabled  bool
	Interval time.Duration
	Reports  audit.Group
}

// addAuditor adds an auditor to the manager. It has a client of its own, so that it does not delay what a server needs to
// answer requests.
func (s *server) addAuditor() error {
	config := rest.CopyConfig(s.Config)
	config.QPS, config.Burst = audit.QPS, audit.Burst
	known := runtime.NewScheme()
	if err := errors.Join(scheme.AddToScheme(known), v1alpha1.AddToScheme(known)); err != nil {
		return err
	}
	c, err := client.New(config, client.Options{Mapper: s.GetRESTMapper(), Scheme: known})
	if err != nil {
		return err
	}
	usage := &usage{config: s.config, client: c, log: s.Log.WithName("status")}
	s.auditor = audit.New(audit.Options{
		Objects: s.inventory.Index(), Ready: s.inventory.WaitReady, Review: s.standing, Rules: len(s.Reviewer.Rules),
		Client: c, Group: s.Audit.Reports, Interval: s.Audit.Interval, Log: s.Log.WithName("audit"),
		Seen: usage.seen, Passed: usage.passed,
	})
	s.store.OnChange(s.auditor.All)
	work := []func(context.Context) error{s.auditor.Start, s.expire, usage.run}
	if !s.LeaderElect {
		return s.Add(manager.RunnableFunc(together(work)))
	}
	l, err := newLeader(s.Config, s.Namespace, s.Log.WithName("lead"), work...)
	if err != nil {
		return err
	}
	return s.Add(l)
}

// expire has everything reviewed again whenever an exemption ends. It looks once a second, as exemptions come and go.
func (s *server) expire(ctx context.Context) error {
	since := time.Now()
	wait.UntilWithContext(ctx, func(context.Context) {
		now := time.Now()
		if next := s.store.Set().NextExpiry(since); !next.IsZero() && !next.After(now) {
			s.auditor.All()
		}
		since = now
	}, time.Second)
	return nil
}

// standing reviews an object as if it were created now.
func (s *server) standing(ctx context.Context, obj map[string]any) (review.Review, bool, error) {
	v, ok, err := s.now().Object(ctx, obj, s.inventory.Index())
	if ok && err == nil && !v.Sends() {
		v.Relax()
	}
	return v, ok, err
}
