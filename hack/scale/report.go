package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
)

// The memory that a number of buckets is to fit in.
const (
	goalMiB     = 200
	goalBuckets = 10_000
)

// few is how many requests of a kind are not worth a line.
const few = 20

// row is a figure under its name. A minor one is a part of the one before.
type row struct {
	name  string
	value float64
	minor bool
}

func (f *figures) rows() []row {
	out := []row{
		{"objects", float64(f.Objects), false},
		{"would be refused", float64(f.Refused), false},
		{"would be warned of", float64(f.Warned), false},
		{"start to Ready, s", f.Ready, false},
		{"memory at Ready, MiB", f.AtReady, false},
		{"memory after the first pass, MiB", f.AtPass, false},
		{"memory at the end, MiB", f.AtEnd, false},
		{"memory at the most, MiB", f.Most, false},
		{"objects without a report", float64(f.Unreported), false},
	}
	for _, p := range []struct {
		when string
		phase
	}{{"first pass", f.First}, {"second pass", f.Second}, {"no audit", f.Quiet}} {
		total := 0
		for _, n := range p.Requests {
			total += n
		}
		out = append(out,
			row{p.when + ": takes, s", p.Took, false},
			row{p.when + ": reports written", float64(p.Reports), false},
			row{p.when + ": dry-runs", float64(p.Admitted), false},
			row{p.when + ": their p50, ms", p.P50, false},
			row{p.when + ": their p99, ms", p.P99, false},
			row{p.when + ": requests to the API server", float64(total), false})
		for _, what := range slices.Sorted(maps.Keys(p.Requests)) {
			out = append(out, row{p.when + ": " + what, float64(p.Requests[what]), true})
		}
	}
	return out
}

// print writes the table as docs/performance.md has it, with how many times as much it is from size to size, and whether
// the goal is met.
func print(out io.Writer, all []*figures) {
	if len(all) == 0 {
		return
	}
	columns, values := []string{all[0].Provider}, make([]map[string]float64, len(all))
	for i, f := range all {
		columns, values[i] = append(columns, fmt.Sprint(f.Buckets, " buckets")), map[string]float64{}
		for _, r := range f.rows() {
			values[i][r.name] = r.value
		}
	}
	w := tabwriter.NewWriter(out, 0, 0, 1, ' ', 0)
	cluster.Head(w, columns...)
	for _, r := range all[len(all)-1].rows() {
		if r.minor && r.value < few {
			continue
		}
		fmt.Fprintf(w, "| %s\t|", r.name)
		for i := range all {
			v := values[i][r.name]
			fmt.Fprint(w, " ", strings.TrimSuffix(fmt.Sprintf("%.1f", v), ".0"))
			if i > 0 && v > 0 && values[i-1][r.name] > 0 {
				fmt.Fprintf(w, " (%.1f times)", v/values[i-1][r.name])
			}
			fmt.Fprint(w, "\t|")
		}
		fmt.Fprintln(w)
	}
	_ = w.Flush() // a printed line has no reader to tell
	for _, f := range all {
		if f.Buckets == goalBuckets {
			fmt.Fprintf(out, "\nmemory at the most with %d buckets: %.0f MiB, goal %d MiB: %s\n", goalBuckets, f.Most, goalMiB,
				map[bool]string{true: "met", false: "MISSED"}[f.Most <= goalMiB])
		}
	}
}
