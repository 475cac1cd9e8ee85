package report

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/profiles"
)

// profileOutput is what generate -o json prints of a profile.
type profileOutput struct {
	Name      string             `json:"name"`
	Summary   string             `json:"summary"`
	Requires  []string           `json:"requires"`  // flags that it cannot do without
	Takes     []string           `json:"takes"`     // other flags
	Ownership []policy.Ownership `json:"ownership"` // settings of Object Ownership that it works under; any when empty
	Sources   []string           `json:"sources"`
}

// WriteProfiles lists all profiles, as JSON or as a table.
func WriteProfiles(w io.Writer, output string) error {
	if output == "json" {
		out := []profileOutput{}
		for _, p := range profiles.All() {
			out = append(out, profileOutput{p.Name, p.Summary, p.Requires, p.Takes, p.Ownership, p.Sources})
		}
		return program.WriteJSON(w, out)
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "PROFILE\tNEEDS\tTAKES")
	for _, p := range profiles.All() {
		fmt.Fprintf(table, "%s\t%s\t%s\n", p.Name, asFlags(p.Requires), asFlags(p.Takes))
	}
	return table.Flush()
}

func asFlags(names []string) string {
	return "--" + strings.Join(names, " --")
}
