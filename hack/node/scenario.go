//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// A scenario is something that happens in clusters. What it saw is for the table; an error is that it went otherwise than
// the documentation says.
type scenario struct {
	name string
	run  func(context.Context) (string, error)
}

// scenarios are in an order in which each leaves what the next one needs.
func (n *node) scenarios() []scenario {
	return []scenario{
		{"a pod starts, and ends", n.pod},
		{"install with each Helm to report only, test, uninstall", n.eachHelm},
		{"install at level baseline", n.baseline},
		{"helm test", n.selftest},
		{"config/samples", n.samples},
		{"Pod Security restricted, read-only root, memory limit", n.confined},
		{"upgrade with other values, under load", n.upgrade},
		{"metrics by a token", n.metrics},
		{"both pods deleted, under load", n.deletion},
		{"both pods evicted, under load", n.eviction},
		{"kill -9 of a pod's process, under load", n.crash},
		{"a limit of memory that is too small, under load", n.starved},
		{"the CA's Secret deleted, under load", n.rotation},
		{"kubelet and containerd restarted, under load", n.restart},
		{"new pods that the API server cannot reach, under load", n.blocked},
		{"API server frozen for 65 s", n.frozen},
		{"API server ended for 65 s, and a pod's process with it", n.gone},
		{"uninstall, under load", n.uninstall},
	}
}

// play runs the scenarios and prints a table of what came of them, to paste into a page.
func (n *node) play(ctx context.Context) (int, error) {
	code := 0
	var rows []string
	for _, s := range n.scenarios() {
		if !n.only.MatchString(s.name) {
			continue
		}
		start := time.Now()
		saw, err := s.run(ctx)
		took := time.Since(start).Round(time.Second)
		result := "as expected"
		if err != nil {
			code, result = 1, "FAILED"
			saw = strings.TrimSpace(saw + " " + err.Error())
		}
		fmt.Printf("%-11s  %6s  %s: %s\n", result, took, s.name, saw)
		if err != nil {
			n.explain(ctx)
		}
		line, _, _ := strings.Cut(saw, "\n")
		rows = append(rows, fmt.Sprintf("| %s | %s | %s | %s |", s.name, line, result, took))
		if ctx.Err() != nil {
			return 1, errors.New("time is over")
		}
	}
	fmt.Println("\n| tried | seen | result | took |\n|---|---|---|---|\n" + strings.Join(rows, "\n"))
	return code, nil
}

// explain prints what a person would look at first.
func (n *node) explain(ctx context.Context) {
	for _, args := range [][]string{
		{"get", "pods", "-A", "-o", "wide"},
		{"get", "events", "-A", "--sort-by=.lastTimestamp"},
		{"logs", "-n", namespace, "-l", "app.kubernetes.io/name=bucketwarden", "--tail=10", "--prefix"},
	} {
		out, err := n.kubectl(ctx, args...)
		if err != nil {
			out += err.Error()
		}
		fmt.Printf("$ kubectl %s\n%s\n", strings.Join(args, " "), out)
	}
}

const onePod = `{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "one"}, "spec": {
  "terminationGracePeriodSeconds": 1, "containers": [{"name": "one", "image": "` + pauseImage + `"}]}}`

func (n *node) pod(ctx context.Context) (string, error) {
	if _, err := n.run(ctx, strings.NewReader(onePod), "kubectl", "apply", "-f", "-"); err != nil {
		return "", err
	}
	if _, err := n.kubectl(ctx, "wait", "--for=condition=Ready", "--timeout="+patience.String(), "pod/one"); err != nil {
		return "", err
	}
	saw, err := n.kubectl(ctx, "get", "pod", "one", "-o", "jsonpath={.status.podIP} on {.spec.nodeName}")
	if err != nil {
		return "", err
	}
	_, err = n.kubectl(ctx, "delete", "pod", "one", "--timeout="+patience.String())
	return saw, err
}
