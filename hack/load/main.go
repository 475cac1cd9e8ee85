// Command load measures what a webhook adds to a request of a real API server: Bucketwarden with all rules, beside a
// webhook of the same server library that admits everything unread, and beside none. The three take turns in one run.
// It prints a table and draws a picture. Run it by `make load`.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"

	"github.com/go-logr/logr"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
)

// load is how much of it there is.
type load struct {
	requests, rounds, clients int // requests of each operation of each arm
}

// most is how many requests of an operation a run may ask for.
const most = 20_000

func main() {
	var l load
	bin := flag.String("bin", "bin", "`DIR` with bucketwarden-webhook and noop")
	crds := flag.String("crds", "config/samples/crds", "`DIR` of the kinds that are judged")
	picture := flag.String("svg", "", "`FILE` for the picture")
	output := flag.String("o", "text", "text or json")
	flag.IntVar(&l.requests, "requests", 2000, "of each operation of each webhook, at most "+strconv.Itoa(most))
	flag.IntVar(&l.rounds, "rounds", 20, "in which the webhooks take turns")
	flag.IntVar(&l.clients, "clients", 2, "that ask at once")
	flag.Parse()
	l.requests = min(l.requests, most)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	arms, err := run(ctx, *bin, *crds, l)
	stop()
	if err == nil {
		err = errors.Join(show(os.Stdout, *output, arms), drawFile(*picture, arms))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, bin, crds string, l load) (arms []*arm, err error) {
	log.SetLogger(logr.Discard())
	list, err := cluster.ReadCRDs(crds)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "bucketwarden-load-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	c, err := cluster.Start()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.Stop()) }()
	if err := cluster.InstallCRDs(c.Config, list); err != nil {
		return nil, err
	}
	admin, err := c.Admin()
	if err != nil {
		return nil, err
	}
	arms = []*arm{{Name: "none"}, {Name: "noop", program: "noop"}, {Name: "bucketwarden", program: "bucketwarden-webhook"}}
	defer func() {
		for _, a := range arms {
			err = errors.Join(err, a.close())
		}
	}()
	if err := openAll(ctx, c, admin, arms, bin, dir); err != nil {
		return nil, err
	}
	if err := warmUp(ctx, admin, arms); err != nil {
		return nil, err
	}
	return arms, measureAll(ctx, admin, arms, l)
}

// openAll starts the webhooks from the binaries in bin, each with a directory in dir for its certificates.
func openAll(ctx context.Context, c *cluster.Cluster, admin client.Client, arms []*arm, bin, dir string) error {
	for _, a := range arms {
		certs, binary := filepath.Join(dir, a.Name), a.program
		if binary != "" {
			binary = filepath.Join(bin, binary)
		}
		if err := errors.Join(os.Mkdir(certs, 0o700), a.open(ctx, c, admin, binary, certs)); err != nil {
			return err
		}
	}
	return nil
}

func measureAll(ctx context.Context, c client.Client, arms []*arm, l load) error {
	if err := measure(ctx, c, arms, l); err != nil {
		return err
	}
	for _, a := range arms {
		if a.server == nil {
			continue
		}
		var err error
		if _, a.Loaded, err = cluster.Memory(a.server.PID()); err != nil {
			return err
		}
	}
	return nil
}

func show(out io.Writer, output string, arms []*arm) error {
	if output == "json" {
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(arms)
	}
	print(out, arms)
	return nil
}
