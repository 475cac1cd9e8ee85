package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/report"
)

const explainExample = `  bucketwarden explain BW301`

func newExplain() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "explain ID",
		Short:   "Explain a rule with a bad and a good example, or predict an upload",
		Example: explainExample,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("explain needs a rule id, for example: bucketwarden explain BW301; got %q", args)
			}
			return nil
		},
		ValidArgsFunction: cobra.FixedCompletions(ruleIDs(), cobra.ShellCompDirectiveNoFileComp),
		RunE: func(cmd *cobra.Command, args []string) error {
			rule, err := findRule(args[0])
			if err != nil {
				return err
			}
			_, err = cmd.OutOrStdout().Write(report.Rule(rule))
			return err
		},
	}
	cmd.AddCommand(newExplainUpload())
	return cmd
}
