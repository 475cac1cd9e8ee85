// Command scale measures the real binary in a cluster that holds many buckets before it starts: how soon it is Ready, its
// memory, the audit of everything, what requests wait for meanwhile, and what it asks the API server for. Each size has a
// control plane of its own. It prints one table. Run it by `make scale`.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/go-logr/logr"
	"sigs.k8s.io/controller-runtime/pkg/log"
)

// scale is how it is measured.
type scale struct {
	root, binary, provider string

	rate  float32       // requests a second that are admitted meanwhile
	quiet time.Duration // for which nothing else happens
}

func main() {
	s := scale{root: "."}
	flag.StringVar(&s.binary, "binary", "bin/bucketwarden-webhook", "the server")
	flag.StringVar(&s.provider, "provider", "ack", "ack, with one object for each bucket, or upbound, with four")
	flag.DurationVar(&s.quiet, "quiet", time.Minute, "how long to measure admission without an audit")
	sizes := flag.String("sizes", "1000,10000,50000", "`NUMBERS` of buckets")
	rate := flag.Float64("rate", 20, "requests a second, at most 100")
	flag.Parse()
	s.rate = float32(min(*rate, 100))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	all, err := s.run(ctx, *sizes)
	stop()
	print(os.Stdout, all)
	if err != nil {
		fmt.Fprintln(os.Stderr, "scale:", err)
		os.Exit(1)
	}
}

// run measures one size after the other. What was measured before an error is returned too.
func (s scale) run(ctx context.Context, sizes string) (all []*figures, err error) {
	log.SetLogger(logr.Discard())
	if stocks[s.provider] == nil {
		return nil, fmt.Errorf("-provider %q is neither ack nor upbound", s.provider)
	}
	for size := range strings.SplitSeq(sizes, ",") {
		buckets, err := strconv.Atoi(size)
		if err != nil || buckets < 1 || buckets > 100_000 {
			return all, fmt.Errorf("-sizes: %q is no number from 1 to 100000", size)
		}
		f, err := s.measure(ctx, buckets)
		if err != nil {
			return all, fmt.Errorf("%d buckets: %w", buckets, err)
		}
		all = append(all, f)
	}
	return all, nil
}
