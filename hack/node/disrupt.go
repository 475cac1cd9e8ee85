//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"

	admissionregistration "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// upgrade changes values that each pod has to be replaced for, while a client writes.
func (n *node) upgrade(ctx context.Context) (string, error) {
	h := n.helms[len(n.helms)-1]
	t, err := n.under(ctx, func(ctx context.Context) error {
		_, err := n.helm(ctx, h, "upgrade", release, chart, "--reset-then-reuse-values", "--wait", "--timeout", patience.String(),
			"--set", "logLevel=debug", "--set-string", "trust.accounts[0]=444455556666",
			"--set", "metrics.readers[0].name=prometheus,metrics.readers[0].namespace=default")
		if err != nil {
			return err
		}
		return n.rolledOut(ctx)
	})
	return t.String(), errors.Join(err, t.clean())
}

// deletion deletes one pod after the other.
func (n *node) deletion(ctx context.Context) (string, error) {
	pods, err := n.twoReady(ctx)
	if err != nil {
		return "", err
	}
	t, err := n.under(ctx, func(ctx context.Context) error {
		for _, p := range pods {
			if err := n.admin.Delete(ctx, &p); err != nil {
				return err
			}
			if _, err := n.twoReady(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	return t.String(), errors.Join(err, t.clean())
}

// eviction evicts both pods, as a drain does: the second may go only when the first has been replaced.
func (n *node) eviction(ctx context.Context) (string, error) {
	pods, err := n.twoReady(ctx)
	if err != nil {
		return "", err
	}
	held := 0
	evict := func(ctx context.Context, p corev1.Pod) error {
		return n.admin.SubResource("eviction").Create(ctx, &p, &policyv1.Eviction{})
	}
	t, err := n.under(ctx, func(ctx context.Context) error {
		if err := evict(ctx, pods[0]); err != nil {
			return err
		}
		return eventually(ctx, func(ctx context.Context) error {
			err := evict(ctx, pods[1])
			if apierrors.IsTooManyRequests(err) {
				held++
			}
			return err
		})
	})
	if err == nil && held == 0 {
		err = errors.New("the second eviction was not held back")
	}
	if err == nil {
		_, err = n.twoReady(ctx)
	}
	return t.String() + ", the second eviction was held back until the first pod was replaced", errors.Join(err, t.clean())
}

// crash ends a pod's process as the kernel does when memory runs out. Requests on the way to it fail, reviews closed and patches
// open; none may be answered wrongly.
func (n *node) crash(ctx context.Context) (string, error) {
	pods, err := n.twoReady(ctx)
	if err != nil {
		return "", err
	}
	t, err := n.under(ctx, func(ctx context.Context) error {
		pid, err := n.process(pods[0])
		if err != nil {
			return err
		}
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			return err
		}
		return n.restarted(ctx, pods[0])
	})
	return t.String() + ", all closed", errors.Join(append(t.wrong, err)...)
}

// starved rolls out a limit of memory that is too small: the kernel kills the new pod again and again, the old ones stay.
func (n *node) starved(ctx context.Context) (string, error) {
	if _, err := n.twoReady(ctx); err != nil {
		return "", err
	}
	rollout := func(ctx context.Context, args ...string) error {
		_, err := n.kubectl(ctx, append([]string{"--namespace", namespace}, args...)...)
		return err
	}
	t, err := n.under(ctx, func(ctx context.Context) error {
		err := rollout(ctx, "set", "resources", "deployment/"+release, "--limits=memory=20Mi", "--requests=memory=20Mi")
		if err == nil {
			err = eventually(ctx, n.outOfMemory)
		}
		return errors.Join(err, rollout(ctx, "rollout", "undo", "deployment/"+release), n.rolledOut(ctx))
	})
	return t.String() + ", the new pod OOM-killed, the old ones stayed", errors.Join(err, t.clean())
}

// outOfMemory returns nil once a pod's container was killed for want of memory, with two other pods ready.
func (n *node) outOfMemory(ctx context.Context) error {
	pods, err := n.pods(ctx)
	if err != nil {
		return err
	}
	killed, served := false, 0
	for _, p := range pods {
		if ready(p) {
			served++
		}
		for _, s := range p.Status.ContainerStatuses {
			for _, end := range []*corev1.ContainerStateTerminated{s.State.Terminated, s.LastTerminationState.Terminated} {
				killed = killed || end != nil && end.Reason == "OOMKilled"
			}
		}
	}
	if !killed || served != 2 {
		return fmt.Errorf("a container was OOM-killed: %t; %d pods are ready, want 2", killed, served)
	}
	return nil
}

// restarted waits until a pod's container was started again, and is ready.
func (n *node) restarted(ctx context.Context, was corev1.Pod) error {
	return eventually(ctx, func(ctx context.Context) error {
		var p corev1.Pod
		if err := n.admin.Get(ctx, client.ObjectKeyFromObject(&was), &p); err != nil {
			return err
		}
		if restarts(p) <= restarts(was) || !ready(p) {
			return fmt.Errorf("pod %s: %d restarts, ready: %t", p.Name, restarts(p), ready(p))
		}
		return nil
	})
}

// rotation deletes the CA: the webhook makes another, and both are trusted for a while.
func (n *node) rotation(ctx context.Context) (string, error) {
	old := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: release + "-ca"}}
	if err := n.admin.Get(ctx, client.ObjectKeyFromObject(old), old); err != nil {
		return "", err
	}
	t, err := n.under(ctx, func(ctx context.Context) error {
		if err := n.admin.Delete(ctx, old.DeepCopy()); err != nil {
			return err
		}
		return eventually(ctx, func(ctx context.Context) error { return n.rotated(ctx, old) })
	})
	return t.String() + ", a new CA in the Secret, both in each caBundle", errors.Join(err, t.clean())
}

func (n *node) rotated(ctx context.Context, old *corev1.Secret) error {
	var made corev1.Secret
	if err := n.admin.Get(ctx, client.ObjectKeyFromObject(old), &made); err != nil {
		return err
	}
	if made.UID == old.UID {
		return errors.New("the Secret is still the old one")
	}
	bundle, err := n.caBundle(ctx)
	if err != nil {
		return err
	}
	if count := strings.Count(bundle, "BEGIN CERTIFICATE"); count != 2 {
		return fmt.Errorf("a caBundle of %d certificates, want 2", count)
	}
	return nil
}

// caBundle is that of the reviewing webhooks.
func (n *node) caBundle(ctx context.Context) (string, error) {
	var config admissionregistration.ValidatingWebhookConfiguration
	if err := n.admin.Get(ctx, client.ObjectKey{Name: release}, &config); err != nil {
		return "", err
	}
	if len(config.Webhooks) == 0 {
		return "", errors.New("no webhook is registered")
	}
	return string(config.Webhooks[0].ClientConfig.CABundle), nil
}
