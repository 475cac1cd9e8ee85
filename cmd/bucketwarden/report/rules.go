package report

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/rules"
)

// ruleOutput is what rules -o json prints of a rule.
type ruleOutput struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Summary    string   `json:"summary"`
	Severity   string   `json:"severity"`
	Baseline   string   `json:"baseline"`   // what the level does about a finding
	Restricted string   `json:"restricted"` // the same
	Unfixed    string   `json:"unfixed"`    // instead of Patch, for what cannot be fixed; Off when the rule never patches
	Sources    []string `json:"sources"`

	Controls policy.Controls `json:"controls"`
}

// WriteRules lists all rules, as JSON or as a table.
func WriteRules(w io.Writer, output string) error {
	if output == "json" {
		return program.WriteJSON(w, ruleOutputs())
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tNAME\tSEVERITY\tBASELINE\tRESTRICTED\tSUMMARY")
	for _, r := range ruleOutputs() {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", r.ID, r.Name, r.Severity, r.Baseline, r.Restricted, r.Summary)
	}
	return table.Flush()
}

func ruleOutputs() []ruleOutput {
	var out []ruleOutput
	for _, r := range rules.All {
		out = append(out, ruleOutput{
			ID: r.ID, Name: r.Name, Summary: r.Summary, Severity: r.Severity.String(), Baseline: r.Baseline.String(),
			Restricted: r.Restricted.String(), Unfixed: r.Unfixed.String(), Sources: r.Sources,
			Controls: r.Controls,
		})
	}
	return out
}
