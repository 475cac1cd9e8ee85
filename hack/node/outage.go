//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"
	"time"

	coordination "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// away is longer than a lease lasts, and than the kubelet waits between two starts of a container that ends at once.
const away = 65 * time.Second

// blocked replaces the pods while the API server's way to new ones is barred, as by the firewall of a new node pool: they must
// not become ready, and the old ones must stay.
func (n *node) blocked(ctx context.Context) (saw string, err error) {
	pods, err := n.twoReady(ctx)
	if err != nil {
		return "", err
	}
	rules := []string{fmt.Sprintf("-p tcp -d %s --dport %d -j REJECT", podRange, webhookPort)}
	for _, p := range pods {
		rules = append(rules, fmt.Sprintf("-p tcp -d %s --dport %d -j ACCEPT", p.Status.PodIP, webhookPort))
	}
	table := func(ctx context.Context, action string) error {
		var errs []error
		for _, rule := range rules { // each goes before those that are there
			_, err := n.run(ctx, nil, "iptables", append([]string{"--wait", action, "OUTPUT"}, strings.Fields(rule)...)...)
			errs = append(errs, err)
		}
		return errors.Join(errs...)
	}
	t, err := n.under(ctx, func(ctx context.Context) error {
		if err := table(ctx, "--insert"); err != nil {
			return err
		}
		_, err := n.kubectl(ctx, "--namespace", namespace, "rollout", "restart", "deployment/"+release)
		if err == nil {
			err = n.neverReady(ctx, pods)
		}
		return errors.Join(err, table(ctx, "--delete"))
	})
	if err == nil {
		err = n.rolledOut(ctx)
	}
	return t.String() + ", the new pod not ready for a minute, the old ones stayed; replaced once the way was free", errors.Join(err, t.clean())
}

// neverReady looks for a minute at the pods that are not among the old ones.
func (n *node) neverReady(ctx context.Context, old []corev1.Pod) error {
	started := false
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline) || !started; {
		if err := sleep(ctx, time.Second); err != nil {
			return err
		}
		if time.Now().After(deadline.Add(patience)) {
			return errors.New("no new pod has started")
		}
		pods, err := n.pods(ctx)
		if err != nil {
			return err
		}
		there := 0
		for _, p := range pods {
			switch {
			case p.Name == old[0].Name || p.Name == old[1].Name:
				there++
			case ready(p):
				return fmt.Errorf("pod %s is ready, and the API server cannot reach it", p.Name)
			case len(p.Status.ContainerStatuses) == 1 && p.Status.ContainerStatuses[0].State.Running != nil:
				started = true
			}
		}
		if there != 2 {
			return fmt.Errorf("%d of the 2 old pods are left", there)
		}
	}
	return nil
}

// frozen stops the API server for longer than a lease lasts: nothing restarts, and somebody leads afterwards.
func (n *node) frozen(ctx context.Context) (string, error) {
	before, err := n.twoReady(ctx)
	if err != nil {
		return "", err
	}
	server := n.programs["kube-apiserver"]
	if err := server.signal(syscall.SIGSTOP); err != nil {
		return "", err
	}
	err = sleep(ctx, away)
	if err := errors.Join(err, server.signal(syscall.SIGCONT)); err != nil {
		return "", err
	}
	back := time.Now()
	if err := eventually(ctx, func(ctx context.Context) error { return n.renewed(ctx, namespace, "bucketwarden.dev", back) }); err != nil {
		return "", err
	}
	if err := n.goOn(ctx, before); err != nil {
		return "", err
	}
	t, err := n.under(ctx, func(context.Context) error { return nil })
	return "no restart, the Lease renewed afterwards, " + t.String() + " then", errors.Join(err, t.clean())
}

// renewed returns nil if a Lease was renewed after a time.
func (n *node) renewed(ctx context.Context, namespace, name string, since time.Time) error {
	var lease coordination.Lease
	if err := n.admin.Get(ctx, client.ObjectKey{Namespace: namespace, Name: name}, &lease); err != nil {
		return err
	}
	if lease.Spec.RenewTime == nil || !lease.Spec.RenewTime.After(since) {
		return fmt.Errorf("the Lease %s was renewed at %s, and not after %s", name, lease.Spec.RenewTime, since)
	}
	return nil
}

// gone ends the API server and a pod's process: its container starts while there is no API server, and waits for it.
func (n *node) gone(ctx context.Context) (string, error) {
	before, err := n.twoReady(ctx)
	if err != nil {
		return "", err
	}
	pid, err := n.process(before[0])
	if err != nil {
		return "", err
	}
	server := n.programs["kube-apiserver"]
	if err := errors.Join(server.kill(), syscall.Kill(pid, syscall.SIGKILL), sleep(ctx, away), server.start()); err != nil {
		return "", err
	}
	if err := n.restarted(ctx, before[0]); err != nil {
		return "", err
	}
	after, err := n.twoReady(ctx)
	if err != nil {
		return "", err
	}
	for i, want := range []int32{restarts(before[0]) + 1, restarts(before[1])} {
		if got := restarts(after[i]); got != want {
			return "", fmt.Errorf("pod %s was restarted %d times, want %d", after[i].Name, got, want)
		}
	}
	t, err := n.under(ctx, func(context.Context) error { return nil })
	return "the container that started meanwhile waited, one restart, " + t.String() + " then", errors.Join(err, t.clean())
}

// restart ends containerd and the kubelet and starts them again, as an upgrade of the node does. Pods go on. For a moment after
// that, Services may have no pod of this node: with a single node these are both of ours, and writes then fail closed.
func (n *node) restart(ctx context.Context) (string, error) {
	before, err := n.twoReady(ctx)
	if err != nil {
		return "", err
	}
	kubelet, runtime := n.programs["kubelet"], n.programs["containerd"]
	t, err := n.under(ctx, func(ctx context.Context) error {
		err := errors.Join(kubelet.kill(), runtime.kill(), sleep(ctx, 5*time.Second), runtime.start(), kubelet.start())
		if err != nil {
			return err
		}
		back := time.Now()
		return eventually(ctx, func(ctx context.Context) error { return n.renewed(ctx, "kube-node-lease", nodeName, back) })
	})
	if err != nil {
		return t.String(), err
	}
	if _, err := n.kubectl(ctx, "wait", "--for=condition=Ready", "--timeout="+patience.String(), "node/"+nodeName); err != nil {
		return t.String(), err
	}
	if err := n.goOn(ctx, before); err != nil {
		return "", err
	}
	again, err := n.under(ctx, func(context.Context) error { return nil })
	return fmt.Sprintf("no pod restarted; %s meanwhile, all closed; %s after that", t, again),
		errors.Join(append(t.wrong, err, again.clean())...)
}

// goOn returns nil once both pods are ready, if they are those of before and none was restarted.
func (n *node) goOn(ctx context.Context, before []corev1.Pod) error {
	after, err := n.twoReady(ctx)
	if err != nil {
		return err
	}
	for i := range after {
		if after[i].Name != before[i].Name || restarts(after[i]) != restarts(before[i]) {
			return fmt.Errorf("pod %s was restarted", before[i].Name)
		}
	}
	return nil
}

// sleep waits, unless the time is over before.
func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
