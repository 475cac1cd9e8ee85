package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"gomodules.xyz/jsonpatch/v2"
)

// driftOutput is the JSON that drift prints. Its fields are a contract, as review's are.
type driftOutput struct {
	APIVersion string             `json:"apiVersion"`
	Kind       string             `json:"kind"`
	Items      []driftingOutput   `json:"items"`
	Summary    driftSummaryOutput `json:"summary"`
}

type driftingOutput struct {
	Object    *objectOutput          `json:"object"`
	SeenIn    string                 `json:"seenIn"` // live or lastApplied
	ManagedBy []string               `json:"managedBy"`
	Findings  []findingOutput        `json:"findings"`
	Patch     []*jsonpatch.Operation `json:"patch"`
}

type driftSummaryOutput struct {
	Objects     int `json:"objects"`
	Live        int `json:"live"`
	LastApplied int `json:"lastApplied"`
}

func newDriftOutput(d drift) driftOutput {
	out := driftOutput{APIVersion: "bucketwarden.dev/v1alpha1", Kind: "Drift", Summary: driftSummary(d)}
	for _, i := range d.items {
		seen := "live"
		if i.applied {
			seen = "lastApplied"
		}
		out.Items = append(out.Items, driftingOutput{objectOf(i.judged), seen, i.managedBy(), findingsOf(i.judged), patchOf(i.judged)})
	}
	return out
}

func driftSummary(d drift) driftSummaryOutput {
	out := driftSummaryOutput{Objects: d.objects}
	for _, i := range d.items {
		if i.applied {
			out.LastApplied++
		} else {
			out.Live++
		}
	}
	return out
}

// driftText writes one line for each object, and the sums.
func driftText(w io.Writer, d drift) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if len(d.items) > 0 {
		fmt.Fprintln(table, "OBJECT\tSEEN IN\tRULES\tMANAGED BY")
	}
	for _, i := range d.items {
		seen := "live"
		if i.applied {
			seen = "last applied"
		}
		var ids []string
		for _, f := range i.Findings {
			ids = append(ids, f.Rule.ID)
		}
		slices.Sort(ids)
		row(table, nameOf(i.judged), seen, strings.Join(slices.Compact(ids), ","), cmp.Or(strings.Join(i.managedBy(), "; "), "-"))
	}
	if len(d.items) > 0 {
		fmt.Fprintln(table)
	}
	s := driftSummary(d)
	fmt.Fprintf(table, "%s: %d to patch as they are, %d as they were last applied\n", count(s.Objects, "object"), s.Live, s.LastApplied)
	return table.Flush()
}
