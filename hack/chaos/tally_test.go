package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// What is wrong is counted as that, and misses a goal.
func TestTally(t *testing.T) {
	results := []result{
		{verdict: right, first: true, took: time.Millisecond},
		{verdict: right, why: []string{"429 Too Many Requests"}, took: 3 * time.Millisecond},
		{verdict: unpatched},
		{verdict: lost, detail: "lost: it"},
		{verdict: admitted},
		{verdict: refused},
	}
	all := &tally{Scenario: "all", Why: map[string]int{}}
	for _, r := range results {
		all.record(r)
	}
	all.finish(goal{firstTry: true, disturbances: 1})
	want := []string{
		"0 disturbances, at least 1 are wanted", "1 lost", "1 wrongly admitted", "1 wrongly refused", "1 unpatched",
		"1 right only after a retry",
	}
	if diff := cmp.Diff(want, all.Missed); diff != "" {
		t.Error(diff)
	}
	good := &tally{Scenario: "good", Why: map[string]int{}}
	for _, r := range results[:3] {
		good.record(r)
	}
	good.finish(goal{unpatched: true})
	if diff := cmp.Diff([]string(nil), good.Missed); diff != "" {
		t.Error(diff)
	}
	nothing := &tally{}
	nothing.finish(goal{})
	if diff := cmp.Diff([]string{"nothing was asked"}, nothing.Missed); diff != "" {
		t.Error(diff)
	}
	flooded := &tally{Requests: 1, Flood: &flooding{Requests: 2, Refused: 2}}
	flooded.finish(goal{})
	if diff := cmp.Diff([]string{"2 of the flood wrongly refused", "nothing of the flood answered right"}, flooded.Missed); diff != "" {
		t.Error(diff)
	}

	var out strings.Builder
	if err := show(&out, "text", []*tally{good}); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff(`
| scenario | disturbed | requests | first try | retried | unpatched | lost | wrongly admitted | wrongly refused | p50 ms | p99 ms | memory MiB of 256 | goals |
|---       |---        |---       |---        |---      |---        |---   |---               |---              |---     |---     |---                |---    |
| good     | 0         | 3        | 1         | 1       | 1         | 0    | 0                | 0               | 1.0    | 3.0    | 0                 | met   |

good: 0 objects read back
  asked again 1 times: 429 Too Many Requests
`, "\n"+out.String()); diff != "" {
		t.Error(diff)
	}
	if err := show(&out, "text", []*tally{all}); err == nil {
		t.Error("a missed goal is no error")
	}
}
