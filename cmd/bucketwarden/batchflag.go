package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

// batchFlag has a command take its policies as arguments, or one question a line from --batch. what says how many arguments are
// needed, and lines what a line holds.
func batchFlag(cmd *cobra.Command, file *string, what, lines string, enough func(args int) bool) {
	cmd.Flags().StringVar(file, "batch", "", "read "+lines+", one a line, from this `FILE` or -")
	cmd.Args = func(_ *cobra.Command, args []string) error {
		if *file == "" && !enough(len(args)) || *file != "" && len(args) > 0 {
			return fmt.Errorf("%s needs %s, or only --batch -; got %q", cmd.Name(), what, args)
		}
		return nil
	}
}
