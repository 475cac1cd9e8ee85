package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"text/tabwriter"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
)

// goal is for the memory at 10,000 buckets.
const (
	goal        = 200 << 20
	goalBuckets = 10_000
)

// row is one line of the table.
type row struct {
	name  string
	value func(f *figures) float64
	grows bool // where it is worth a ratio
}

var rows = []row{
	{"objects", func(f *figures) float64 { return float64(f.Objects) }, true},
	{"start to Ready, s", func(f *figures) float64 { return f.Ready }, true},
	{"memory at Ready, MiB", func(f *figures) float64 { return mebi(f.AtReady) }, true},
	{"memory after the first pass, MiB", func(f *figures) float64 { return mebi(f.AtPass) }, true},
	{"memory at the end, MiB", func(f *figures) float64 { return mebi(f.AtEnd) }, true},
	{"memory at the most, MiB", func(f *figures) float64 { return mebi(f.Most) }, true},
	{"first pass, s", func(f *figures) float64 { return f.First.Pass }, true},
	{"second pass, nothing changed, s", func(f *figures) float64 { return f.Second.Pass }, true},
	{"would be refused", func(f *figures) float64 { return float64(f.Refused) }, false},
	{"would be warned of", func(f *figures) float64 { return float64(f.Warned) }, false},
	{"objects without a report", func(f *figures) float64 { return float64(f.Unreported) }, false},
	{"reports written, first pass", func(f *figures) float64 { return float64(f.First.Reports) }, true},
	{"reports written, second pass", func(f *figures) float64 { return float64(f.Second.Reports) }, false},
	{"dry-runs during the first pass", func(f *figures) float64 { return float64(f.First.Admitted) }, false},
	{"their p50, ms", func(f *figures) float64 { return f.First.P50 }, true},
	{"their p99, ms", func(f *figures) float64 { return f.First.P99 }, true},
	{"dry-runs without an audit", func(f *figures) float64 { return float64(f.Quiet.Admitted) }, false},
	{"their p50, ms", func(f *figures) float64 { return f.Quiet.P50 }, true},
	{"their p99, ms", func(f *figures) float64 { return f.Quiet.P99 }, true},
}

func mebi(bytes int64) float64 { return float64(bytes) / (1 << 20) }

// print writes the table as docs/performance.md has it, and whether the goal is met.
func print(out io.Writer, all []*figures) {
	if len(all) == 0 {
		return
	}
	w := tabwriter.NewWriter(out, 0, 0, 1, ' ', 0)
	columns := []string{all[0].Provider}
	for _, f := range all {
		columns = append(columns, fmt.Sprint(f.Buckets, " buckets"))
	}
	cluster.Head(w, columns...)
	for _, r := range slices.Concat(rows,
		requests("until the first pass has ended", all, func(f *figures) phase { return f.First }),
		requests("in the second pass", all, func(f *figures) phase { return f.Second }),
		requests("without an audit", all, func(f *figures) phase { return f.Quiet }),
	) {
		fmt.Fprintf(w, "| %s\t|", r.name)
		for i, f := range all {
			v := r.value(f)
			fmt.Fprint(w, " ", number(v))
			if r.grows && i > 0 && r.value(all[i-1]) > 0 {
				fmt.Fprintf(w, " (%.1f times)", v/r.value(all[i-1]))
			}
			fmt.Fprint(w, "\t|")
		}
		fmt.Fprintln(w)
	}
	_ = w.Flush() // a printed line has no reader to tell
	for _, f := range all {
		if f.Buckets == goalBuckets {
			verdict := "met"
			if f.Most > goal {
				verdict = "MISSED"
			}
			fmt.Fprintf(out, "\nmemory at the most with %d buckets: %.0f MiB, the goal of %.0f MiB is %s\n", f.Buckets, mebi(f.Most), mebi(goal), verdict)
		}
	}
}

// number writes whole numbers whole, and large ones without a fraction.
func number(v float64) string {
	if v == float64(int(v)) || v >= 100 {
		return fmt.Sprintf("%.0f", v)
	}
	return strconv.FormatFloat(v, 'f', 1, 64)
}

// some is how many requests of a kind there are at least where it has a line of its own.
const some = 20

// requests are the rows of the server's requests in a phase: all, and those of which there are some.
func requests(when string, all []*figures, in func(*figures) phase) []row {
	out := []row{{"requests to the API server " + when, func(f *figures) float64 {
		total := 0
		for _, n := range in(f).Requests {
			total += n
		}
		return float64(total)
	}, true}}
	largest := in(all[len(all)-1]).Requests
	for _, what := range slices.Sorted(maps.Keys(largest)) {
		if largest[what] >= some {
			out = append(out, row{"of these: " + what, func(f *figures) float64 { return float64(in(f).Requests[what]) }, true})
		}
	}
	return out
}
