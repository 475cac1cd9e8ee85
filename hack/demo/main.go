// Command demo shows a real API server refusing and patching bucket policies: it starts etcd, kube-apiserver and
// bucketwarden on loopback, applies each file of config/samples with kubectl, and shows what came back and what is stored.
// It fails when anything comes out otherwise than the file's first line says. Run it by `make demo`.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/go-logr/logr"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
)

const (
	samplesDir = "config/samples"
	crdsDir    = "config/samples/crds"
)

func main() {
	binary := "bin/bucketwarden-webhook"
	if len(os.Args) > 1 {
		binary = os.Args[1]
	}
	// A reader that goes away (make demo | head) ends the demo like Ctrl-C, not in the middle of everything.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE)
	err := run(ctx, os.Stdout, binary)
	interrupted := ctx.Err() != nil
	stop()
	switch {
	case interrupted:
		fmt.Fprintln(os.Stderr, "demo: interrupted, everything is stopped and removed")
		os.Exit(130)
	case err != nil:
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, binary string) (err error) {
	log.SetLogger(logr.Discard()) // what controller-runtime says about the control plane comes as errors too
	samples, err := readSamples(samplesDir)
	if err != nil {
		return err
	}
	crds, err := cluster.ReadCRDs(crdsDir)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "Starting etcd, kube-apiserver and bucketwarden, on 127.0.0.1 alone.")
	c, err := cluster.Start()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Stop()) }()
	if err := errors.Join(ctx.Err(), cluster.InstallCRDs(c.Config, crds)); err != nil {
		return err
	}
	server, err := c.Serve(ctx, binary)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	s := stage{cluster: c, out: out}
	for i, sample := range samples {
		fmt.Fprintf(out, "\n== %d of %d: %s\n\n", i+1, len(samples), sample.file)
		err = errors.Join(err, s.play(ctx, sample))
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if err == nil {
		fmt.Fprintf(out, "\nAll %d samples came out as they say. Stopping.\n", len(samples))
	}
	return err
}
