package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
)

// tally counts what became of the requests of one scenario.
type tally struct {
	Scenario     string         `json:"scenario"`
	Disturbances int            `json:"disturbances"`
	Requests     int            `json:"requests"`
	FirstTry     int            `json:"firstTry"`
	Retried      int            `json:"retried"` // right in the end
	Unpatched    int            `json:"unpatched"`
	Lost         int            `json:"lost"`
	Admitted     int            `json:"wronglyAdmitted"`
	Refused      int            `json:"wronglyRefused"`
	Stored       int            `json:"stored"` // objects that were read back
	P50          float64        `json:"p50Milliseconds"`
	P99          float64        `json:"p99Milliseconds"`
	Memory       int64          `json:"memoryBytes"` // of a replica at its most
	Why          map[string]int `json:"retriedBecause,omitempty"`
	Flood        *flooding      `json:"flood,omitempty"`
	Details      []string       `json:"details,omitempty"` // of what is wrong
	Missed       []string       `json:"missed,omitempty"`  // goals

	mu   sync.Mutex
	took []time.Duration
}

// mostDetails is how many details are kept: the counts say the rest.
const mostDetails = 20

func (t *tally) record(r result) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.Requests++
	t.took = append(t.took, r.took)
	switch {
	case r.first:
		t.FirstTry++
	case r.verdict == right:
		t.Retried++
	case r.verdict == unpatched:
		t.Unpatched++
	case r.verdict == admitted:
		t.Admitted++
	case r.verdict == refused:
		t.Refused++
	default:
		t.Lost++
	}
	for _, why := range r.why {
		t.Why[why]++
	}
	t.note(r.detail)
}

// note keeps a detail, unless it is "".
func (t *tally) note(detail string) {
	if detail != "" && len(t.Details) < mostDetails {
		t.Details = append(t.Details, detail)
	}
}

// finish looks at the goals.
func (t *tally) finish(g goal) {
	t.P50, t.P99 = cluster.Quantiles(t.took)
	miss := func(missed bool, format string, args ...any) {
		if missed {
			t.Missed = append(t.Missed, fmt.Sprintf(format, args...))
		}
	}
	miss(t.Requests == 0, "nothing was asked")
	miss(t.Disturbances < g.disturbances, "%d disturbances, at least %d are wanted", t.Disturbances, g.disturbances)
	miss(t.Lost > 0, "%d lost", t.Lost)
	miss(t.Admitted > 0, "%d wrongly admitted", t.Admitted)
	miss(t.Refused > 0, "%d wrongly refused", t.Refused)
	miss(t.Memory > cluster.ChartMemory, "%d bytes of memory, the chart's limit is %d", t.Memory, cluster.ChartMemory)
	if f := t.Flood; f != nil {
		miss(f.Refused > 0, "%d of the flood wrongly refused", f.Refused)
		miss(f.Right == 0, "nothing of the flood answered right")
	}
	miss(!g.unpatched && t.Unpatched > 0, "%d unpatched", t.Unpatched)
	miss(g.firstTry && t.Retried > 0, "%d right only after a retry", t.Retried)
}

// columns are those of the table.
var columns = []string{
	"scenario", "disturbed", "requests", "first try", "retried", "unpatched", "lost", "wrongly admitted", "wrongly refused",
	"p50 ms", "p99 ms", "memory MiB of 256", "goals",
}

// print writes a table of all scenarios as docs have them, then what there is to say about each.
func print(out io.Writer, all []*tally) {
	w := tabwriter.NewWriter(out, 0, 0, 1, ' ', 0)
	cluster.Head(w, columns...)
	for _, t := range all {
		goals := "met"
		if len(t.Missed) > 0 {
			goals = "MISSED"
		}
		fmt.Fprintf(w, "| %s\t| %d\t| %d\t| %d\t| %d\t| %d\t| %d\t| %d\t| %d\t| %.1f\t| %.1f\t| %d\t| %s\t|\n",
			t.Scenario, t.Disturbances, t.Requests, t.FirstTry, t.Retried, t.Unpatched, t.Lost, t.Admitted, t.Refused,
			t.P50, t.P99, t.Memory>>20, goals)
	}
	_ = w.Flush() // a printed line has no reader to tell
	for _, t := range all {
		fmt.Fprintf(out, "\n%s: %d objects read back\n", t.Scenario, t.Stored)
		if t.Flood != nil {
			fmt.Fprintf(out, "  flood: %s\n", t.Flood)
		}
		for _, why := range slices.Sorted(maps.Keys(t.Why)) {
			fmt.Fprintf(out, "  asked again %d times: %s\n", t.Why[why], why)
		}
		for _, d := range t.Details {
			fmt.Fprintf(out, "  %s\n", d)
		}
		for _, m := range t.Missed {
			fmt.Fprintf(out, "  MISSED: %s\n", m)
		}
	}
}
