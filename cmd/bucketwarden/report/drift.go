package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"gomodules.xyz/jsonpatch/v2"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/cmd/program"
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

// WriteDriftJSON writes what drift -o json prints.
func WriteDriftJSON(w io.Writer, d files.Drift) error {
	return program.WriteJSON(w, newDriftOutput(d))
}

func newDriftOutput(d files.Drift) driftOutput {
	out := driftOutput{APIVersion: "bucketwarden.dev/v1alpha1", Kind: "Drift", Summary: driftSummary(d)}
	for _, i := range d.Items {
		seen := "live"
		if i.Applied {
			seen = "lastApplied"
		}
		out.Items = append(out.Items, driftingOutput{objectOf(i.Item), seen, i.ManagedBy(), findingsOf(i.Judged), patchOf(i.Judged)})
	}
	return out
}

func driftSummary(d files.Drift) driftSummaryOutput {
	out := driftSummaryOutput{Objects: d.Objects}
	for _, i := range d.Items {
		if i.Applied {
			out.LastApplied++
		} else {
			out.Live++
		}
	}
	return out
}

// WriteDrift writes one line for each object, and the sums.
func WriteDrift(w io.Writer, d files.Drift) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if len(d.Items) > 0 {
		fmt.Fprintln(table, "OBJECT\tSEEN IN\tRULES\tMANAGED BY")
	}
	for _, i := range d.Items {
		seen := "live"
		if i.Applied {
			seen = "last applied"
		}
		var ids []string
		for _, f := range i.Findings {
			ids = append(ids, f.Rule.ID)
		}
		slices.Sort(ids)
		Row(table, nameOf(objectOf(i.Item)), seen, strings.Join(slices.Compact(ids), ","), cmp.Or(strings.Join(i.ManagedBy(), "; "), "-"))
	}
	if len(d.Items) > 0 {
		fmt.Fprintln(table)
	}
	s := driftSummary(d)
	fmt.Fprintf(table, "%s: %d to patch as they are, %d as they were last applied\n", count(s.Objects, "object"), s.Live, s.LastApplied)
	return table.Flush()
}
