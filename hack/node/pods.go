//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// The ports of the chart's pods.
const (
	webhookPort = 9443
	metricsPort = 8080
)

// pods are those of the webhook that are not on their way out, by name.
func (n *node) pods(ctx context.Context) ([]corev1.Pod, error) {
	var list corev1.PodList
	err := n.admin.List(ctx, &list, client.InNamespace(namespace), client.MatchingLabels{"app.kubernetes.io/component": "webhook"})
	if err != nil {
		return nil, err
	}
	pods := slices.DeleteFunc(list.Items, func(p corev1.Pod) bool { return p.DeletionTimestamp != nil })
	slices.SortFunc(pods, func(a, b corev1.Pod) int { return strings.Compare(a.Name, b.Name) })
	return pods, nil
}

func ready(p corev1.Pod) bool {
	return slices.ContainsFunc(p.Status.Conditions, func(c corev1.PodCondition) bool {
		return c.Type == corev1.PodReady && c.Status == corev1.ConditionTrue
	})
}

// restarts is how often a pod's container was started again.
func restarts(p corev1.Pod) int32 {
	var count int32
	for _, s := range p.Status.ContainerStatuses {
		count += s.RestartCount
	}
	return count
}

// twoReady returns the two pods of the release once both are ready, and no other is there.
func (n *node) twoReady(ctx context.Context) ([]corev1.Pod, error) {
	var pods []corev1.Pod
	err := eventually(ctx, func(ctx context.Context) error {
		var err error
		if pods, err = n.pods(ctx); err != nil {
			return err
		}
		count := 0
		for _, p := range pods {
			if ready(p) {
				count++
			}
		}
		if count != 2 || len(pods) != 2 {
			return fmt.Errorf("%d of %d pods are ready, want 2 of 2", count, len(pods))
		}
		return nil
	})
	return pods, err
}

// rolledOut waits until each pod is one of the newest, and ready.
func (n *node) rolledOut(ctx context.Context) error {
	_, err := n.kubectl(ctx, "--namespace", namespace, "rollout", "status", "deployment/"+release, "--timeout="+patience.String())
	return err
}

// process finds the process of a pod's container: in the node, all of them are seen.
func (n *node) process(p corev1.Pod) (int, error) {
	dirs, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return 0, err
	}
	for _, dir := range dirs {
		groups, err := os.ReadFile(filepath.Join(dir, "cgroup"))
		if err != nil || !strings.Contains(string(groups), "pod"+string(p.UID)) {
			continue // it has ended, or is another's
		}
		if command, err := os.ReadFile(filepath.Join(dir, "cmdline")); err == nil && strings.HasPrefix(string(command), "/bucketwarden-webhook\x00") {
			return strconv.Atoi(filepath.Base(dir))
		}
	}
	return 0, fmt.Errorf("pod %s has no process", p.Name)
}

// confined looks at what the kernel holds a pod's process to, which the chart only asks for.
func (n *node) confined(ctx context.Context) (string, error) {
	pods, err := n.twoReady(ctx)
	if err != nil {
		return "", err
	}
	label, err := n.kubectl(ctx, "get", "namespace", namespace, "-o", `jsonpath={.metadata.labels.pod-security\.kubernetes\.io/enforce}`)
	if err != nil || label != "restricted" {
		return "", fmt.Errorf("the namespace enforces %q, want restricted: %w", label, err)
	}
	var errs []error
	for _, p := range pods {
		pid, err := n.process(p)
		if err != nil {
			return "", err
		}
		errs = append(errs, confinedProcess(pid))
		limit, err := memoryLimit(pid)
		if want := p.Spec.Containers[0].Resources.Limits.Memory().Value(); err == nil && limit != want {
			err = fmt.Errorf("the kernel limits memory to %d bytes, want %d", limit, want)
		}
		errs = append(errs, err)
	}
	return "user 65532, no capabilities, seccomp, no new privileges, root read-only, memory limit in the cgroup", errors.Join(errs...)
}

func confinedProcess(pid int) error {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return err
	}
	var errs []error
	for _, want := range []string{"Uid:\t65532\t65532", "CapEff:\t0000000000000000", "CapBnd:\t0000000000000000", "NoNewPrivs:\t1", "Seccomp:\t2"} {
		if !strings.Contains(string(status), "\n"+want) {
			errs = append(errs, fmt.Errorf("/proc/%d/status lacks %q", pid, want))
		}
	}
	mounts, err := os.ReadFile(fmt.Sprintf("/proc/%d/mounts", pid))
	if err != nil {
		return err
	}
	root, _, _ := strings.Cut(string(mounts), "\n")
	if fields := strings.Fields(root); len(fields) < 4 || fields[1] != "/" || !strings.HasPrefix(fields[3], "ro") {
		errs = append(errs, fmt.Errorf("the root of process %d is mounted as %q, want it read-only", pid, root))
	}
	return errors.Join(errs...)
}

// memoryLimit is that of a process' cgroup, in bytes, whichever version of cgroups there is.
func memoryLimit(pid int) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/cgroup", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		fields := strings.SplitN(strings.TrimSpace(line), ":", 3)
		for _, file := range []string{
			filepath.Join(cgroups, "memory", fields[2], "memory.limit_in_bytes"), filepath.Join(cgroups, fields[2], "memory.max"),
		} {
			if limit, err := os.ReadFile(file); err == nil && (fields[1] == "memory" || fields[1] == "") {
				return strconv.ParseInt(strings.TrimSpace(string(limit)), 10, 64)
			}
		}
	}
	return 0, fmt.Errorf("process %d is in no cgroup that limits memory", pid)
}
