// Command oracle compares policy/authz with evaluators that nobody here wrote, over random pairs of a policy and a
// request. Each difference belongs to a class that README.md describes, or it is printed in its smallest form and
// the exit code is 1.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"sync"
)

func main() {
	o := options{}
	flag.IntVar(&o.pairs, "n", 100_000, "`number` of pairs")
	flag.IntVar(&o.witnesses, "witnesses", 2000, "`number` of pairs of documents that the engine compares, for iam-simulate to confirm what it shows")
	flag.Uint64Var(&o.seed, "seed", 1, "the same seed makes the same pairs")
	flag.IntVar(&o.workers, "workers", 2, "`number` of pairs at a time, each with a process of iam-simulate")
	flag.StringVar(&o.dir, "dir", "../../bin/oracle", "`folder` to install iam-simulate into")
	examples := flag.String("examples", "", "`folder` to write an example of each known disagreement into that has none there")
	peers := flag.String("peers", "iam-simulate,versitygw", "`names` of whom to compare with")
	flag.Parse()
	o.peers = strings.Split(*peers, ",")
	if o.workers < 1 {
		fmt.Fprintf(os.Stderr, "hack/oracle: -workers: %d is less than 1\n", o.workers)
		os.Exit(2)
	}
	t, err := run(context.Background(), o)
	if err != nil {
		fmt.Fprintln(os.Stderr, "hack/oracle:", err)
		os.Exit(2)
	}
	t.report(os.Stdout, o)
	if err := t.writeExamples(*examples); err != nil {
		fmt.Fprintln(os.Stderr, "hack/oracle:", err)
		os.Exit(2)
	}
	if len(t.unexplained) > 0 {
		os.Exit(1)
	}
}

type options struct {
	pairs, witnesses, workers int
	seed                      uint64
	dir                       string
	peers                     []string
}

// run makes and compares all pairs.
func run(ctx context.Context, o options) (*tally, error) {
	tallies := make([]*tally, o.workers)
	errs := make([]error, o.workers)
	var wg sync.WaitGroup
	for i := range tallies {
		peers, stop, err := start(ctx, o)
		if err != nil {
			return nil, err
		}
		defer stop()
		tallies[i] = newTally(peers)
		wg.Go(func() {
			errs[i] = work(o, i, peers, tallies[i])
			for _, p := range peers {
				if _, ok := p.(*simulator); ok && errs[i] == nil { // the other peer knows no principals
					errs[i] = workWitnesses(o, i, p, tallies[i])
				}
			}
		})
	}
	wg.Wait()
	for _, t := range tallies[1:] {
		tallies[0].merge(t)
	}
	return tallies[0], errors.Join(errs...)
}

// start readies the peers; stop ends their processes.
func start(ctx context.Context, o options) (peers []peer, stop func(), err error) {
	stop = func() {}
	for _, name := range o.peers {
		switch name {
		case "versitygw":
			peers = append(peers, versity{})
		case "iam-simulate":
			if err := install(ctx, o.dir); err != nil {
				return nil, stop, err
			}
			s, err := startSimulator(ctx, o.dir)
			if err != nil {
				return nil, stop, err
			}
			peers, stop = append(peers, s), s.close
		default:
			return nil, stop, fmt.Errorf("-peers: %q is neither iam-simulate nor versitygw", name)
		}
	}
	return peers, stop, nil
}

// batch is how many groups a worker asks about at a time.
const batch = 32

// work does the share of one worker: every so many batches, the same whoever is faster.
func work(o options, worker int, peers []peer, t *tally) error {
	groups := (o.pairs + groupSize - 1) / groupSize
	for first := worker * batch; first < groups; first += o.workers * batch {
		var pairs []pair
		for group := first; group < min(first+batch, groups); group++ {
			pairs = append(pairs, generate(o.seed, group)...)
		}
		if err := compareAll(pairs, peers, t); err != nil {
			return err
		}
	}
	return nil
}

func compareAll(pairs []pair, peers []peer, t *tally) error {
	whole, err := compare(ours{}, pairs)
	if err != nil {
		return err
	}
	by := make([]map[string]comparison, len(pairs))
	for _, p := range peers {
		all, err := compare(p, pairs)
		if err != nil {
			return err
		}
		for i, c := range all {
			if by[i] == nil {
				by[i] = map[string]comparison{}
			}
			by[i][p.name()] = c
			if c.relation() != differs {
				continue
			}
			if err := t.difference(p, c); err != nil {
				return err
			}
		}
	}
	for i, c := range whole {
		t.count(c, by[i])
	}
	return nil
}

// difference finds out why a peer differs.
func (t *tally) difference(by peer, c comparison) error {
	c, err := minimise(by, c)
	if err != nil {
		return err
	}
	if k, ok := explain(by, c); ok {
		p := t.peers[by.name()]
		p.known[k.name]++
		p.keepShortest(k.name, c.pair)
	} else {
		t.unexplained = append(t.unexplained, difference{by.name(), c})
	}
	return nil
}
