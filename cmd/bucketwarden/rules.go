package main

import (
	"github.com/spf13/cobra"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/report"
	"github.com/bucketwarden/bucketwarden/cmd/program"
)

const rulesExample = `  bucketwarden rules
  bucketwarden rules -o json`

func newRules() *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:     "rules",
		Short:   "List all rules and what each level does about them",
		Example: rulesExample,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := program.CheckOutput(output); err != nil {
				return err
			}
			return report.WriteRules(cmd.OutOrStdout(), output)
		},
	}
	program.OutputFlag(cmd, &output)
	return cmd
}
