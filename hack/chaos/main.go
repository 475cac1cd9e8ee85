// Command chaos shows what becomes of honest requests while the gate's replicas are restarted and killed, certificates
// rotate, and the API server and etcd stop for a while. Two replicas of the real binary stand behind a balancer on
// loopback; teams create, update and delete objects through a real API server, each request with a known right answer.
// It fails when one is lost, or when something is stored that must be refused. Run it by `make chaos`.
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
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/go-logr/logr"
	"sigs.k8s.io/controller-runtime/pkg/log"
)

func main() {
	var l load
	binary := flag.String("binary", "bin/bucketwarden-webhook", "the server")
	crds := flag.String("crds", "config/samples/crds", "`DIR` of the kinds that are judged")
	name := flag.String("scenario", "all", "one of "+strings.Join(names(), ", ")+", or several with commas, or all")
	output := flag.String("o", "text", "text or json")
	rate := flag.Float64("rate", 10, "requests a second of each team")
	flag.DurationVar(&l.Duration, "duration", 30*time.Second, "of each scenario, at most 10m")
	flag.IntVar(&l.Teams, "teams", 8, "clients, at most 50")
	flag.Parse()
	l.Rate = float32(min(*rate, 100))
	l.Duration, l.Teams = min(l.Duration, 10*time.Minute), min(l.Teams, 50)
	// Not SIGPIPE, which every connection that a replica cuts would send too.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	all, err := run(ctx, *crds, *binary, *name, l)
	stop()
	err = errors.Join(err, show(os.Stdout, *output, all))
	if err != nil {
		fmt.Fprintln(os.Stderr, "chaos:", err)
		os.Exit(1)
	}
}

// run plays the scenarios. The error says that the harness broke, not that a goal is missed.
func run(ctx context.Context, crds, binary, name string, l load) (all []*tally, err error) {
	log.SetLogger(logr.Discard()) // what controller-runtime says about the control plane comes as errors too
	chosen, err := choose(name)
	if err != nil {
		return nil, err
	}
	s, err := open(ctx, crds, binary, l)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.cluster.Stop()) }()
	for _, sc := range chosen {
		t, err := s.play(ctx, sc)
		if err != nil {
			return all, fmt.Errorf("%s: %w", sc.name, err)
		}
		all = append(all, t)
	}
	return all, nil
}

func names() []string {
	var out []string
	for _, sc := range scenarios {
		out = append(out, sc.name)
	}
	return out
}

func choose(name string) ([]scenario, error) {
	if name == "all" {
		return scenarios, nil
	}
	var out []scenario
	for n := range strings.SplitSeq(name, ",") {
		i := slices.Index(names(), n)
		if i < 0 {
			return nil, fmt.Errorf("-scenario %q is none of %s", n, strings.Join(names(), ", "))
		}
		out = append(out, scenarios[i])
	}
	return out, nil
}

// show prints what was counted. The error says that a goal is missed.
func show(out io.Writer, output string, all []*tally) error {
	if output == "json" {
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(all); err != nil {
			return err
		}
	} else {
		print(out, all)
	}
	for _, t := range all {
		if len(t.Missed) > 0 {
			return errors.New("a goal is missed")
		}
	}
	return nil
}
