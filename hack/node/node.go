//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// patience is how long a busy machine may take for each step.
const patience = 5 * time.Minute

// A node is what runs, seen from within.
type node struct {
	options
	repository, tag string // of the image
	programs        map[string]*program
	config          *rest.Config
	admin           client.Client
}

// inside sets the node up, runs the scenarios and prints what came of them. When it returns the node ends.
func inside(ctx context.Context, o options) (int, error) {
	n := &node{options: o, programs: map[string]*program{}}
	start := time.Now()
	if err := n.up(ctx); err != nil {
		return 1, fmt.Errorf("%w\nwhat the programs said is in %s", err, o.logs)
	}
	fmt.Printf("the node is ready after %.0f s\n", time.Since(start).Seconds())
	var err error
	if n.config, err = clientcmd.BuildConfigFromFlags("", filepath.Join(o.folder, "pki", "admin.conf")); err != nil {
		return 1, err
	}
	n.config.QPS, n.config.WarningHandler = -1, rest.NoWarnings{}
	if n.admin, err = client.New(n.config, client.Options{}); err != nil {
		return 1, err
	}
	// The kinds that are judged, as where a provider is installed.
	if _, err := n.kubectl(ctx, "apply", "--server-side", "-f", "config/samples/crds"); err != nil {
		return 1, err
	}
	return n.play(ctx)
}

// run runs a command as cluster-admin, in the repository, and returns what it printed. What it complained about is in the
// error.
func (n *node) run(ctx context.Context, stdin io.Reader, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = n.root
	// The person's own configuration, cache and proxies stay out of it.
	cmd.Env = []string{
		"KUBECONFIG=" + filepath.Join(n.folder, "pki", "admin.conf"), "HOME=" + n.folder, "PATH=" + n.bin + ":" + os.Getenv("PATH"),
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = stdin, &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return stdout.String(), fmt.Errorf("%s %s: %w\n%s%s", filepath.Base(name), strings.Join(args, " "), err, stdout.String(), stderr.String())
	}
	return stdout.String(), nil
}

func (n *node) kubectl(ctx context.Context, args ...string) (string, error) {
	return n.run(ctx, nil, "kubectl", args...)
}
