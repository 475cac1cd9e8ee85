package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/util/flowcontrol"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
)

// load is how much of it there is.
type load struct {
	Duration time.Duration // of each scenario
	Teams    int
	Rate     float32 // requests a second of each team
}

// mostObjects bounds what one team creates in one scenario, however long it is.
const mostObjects = 5000

// stage is where scenarios are played.
type stage struct {
	load
	cluster *cluster.Cluster
	admin   client.Client
	options client.Options // of all clients: discovery takes a while
	binary  string
	gate    *gate
}

// open starts a control plane with all that stands there before the gate comes.
func open(ctx context.Context, crds, binary string, l load) (*stage, error) {
	list, err := cluster.ReadCRDs(crds)
	if err != nil {
		return nil, err
	}
	c, err := cluster.Start()
	if err != nil {
		return nil, err
	}
	s := &stage{load: l, cluster: c, binary: binary}
	if err := errors.Join(ctx.Err(), cluster.InstallCRDs(c.Config, list), s.furnish(ctx)); err != nil {
		return nil, errors.Join(err, c.Stop())
	}
	return s, nil
}

func (s *stage) furnish(ctx context.Context) (err error) {
	if s.admin, err = client.New(s.cluster.Config, client.Options{}); err != nil {
		return err
	}
	s.options.Mapper = s.admin.RESTMapper()
	real, probe := services(0, 0)
	err = errors.Join(real.Create(ctx, s.admin), probe.Create(ctx, s.admin), s.admin.Create(ctx, &rbacv1.ClusterRoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: "chaos"},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "cluster-admin"},
		Subjects:   []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: rbacv1.GroupKind, Name: everyone}},
	}))
	for i := range s.Teams {
		err = errors.Join(err,
			s.admin.Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: teamName(i)}}),
			s.admin.Create(ctx, ownership(teamName(i))))
	}
	return err
}

func teamName(i int) string { return fmt.Sprint("team-", i) }

// play plays one scenario with a gate of its own, and counts.
func (s *stage) play(ctx context.Context, sc scenario) (t *tally, err error) {
	t = &tally{Scenario: sc.name, Why: map[string]int{}}
	if s.gate, err = openGate(ctx, s.cluster, s.admin, s.binary, sc); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.gate.close(context.WithoutCancel(ctx))) }()
	teams, err := s.teams(t)
	if err != nil {
		return nil, err
	}
	flood := func(context.Context) {}
	if sc.flood != nil {
		if flood, err = sc.flood.start(s, t); err != nil {
			return nil, err
		}
	}
	until := time.Now().Add(s.Duration)
	var working, flooding sync.WaitGroup
	for _, team := range teams {
		working.Go(func() { team.work(ctx, until, sc.name, mostObjects) })
	}
	flooded, stopFlood := context.WithCancel(ctx)
	defer stopFlood()
	flooding.Go(func() { flood(flooded) })
	for sc.disturb != nil && err == nil && time.Now().Before(until) {
		if err = sc.disturb(ctx, s, t.Disturbances); err == nil {
			t.Disturbances++
		}
	}
	working.Wait()
	if sc.flood != nil {
		t.awaitFlood(ctx)
	}
	stopFlood()
	flooding.Wait()
	if err = errors.Join(err, ctx.Err()); err != nil {
		return nil, err
	}
	s.gate.measure()
	t.Memory = s.gate.memory
	if err := readBack(ctx, s.admin, t); err != nil {
		return nil, err
	}
	t.finish(sc.goal)
	return t, nil
}

func (s *stage) teams(t *tally) ([]*team, error) {
	var out []*team
	for i := range s.Teams {
		c, err := user(s.cluster.Config, s.options, teamName(i))
		if err != nil {
			return nil, err
		}
		out = append(out, &team{
			Client: c, name: teamName(i), pace: flowcontrol.NewTokenBucketRateLimiter(s.Rate, 1),
			random: seeded(i), record: t.record,
		})
	}
	return out, nil
}
