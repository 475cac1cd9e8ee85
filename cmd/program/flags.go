package program

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/bucketwarden/bucketwarden/policy"
)

// Complete offers words as the values of a flag.
func Complete(cmd *cobra.Command, flag string, words ...string) {
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)) // the flag exists
}

// OutputFlag adds --output, which is text or JSON.
func OutputFlag(cmd *cobra.Command, output *string) {
	cmd.Flags().StringVarP(output, "output", "o", "text", "text or json")
	Complete(cmd, "output", "text", "json")
}

// CheckOutput refuses what OutputFlag does not offer.
func CheckOutput(output string) error {
	if output != "text" && output != "json" {
		return fmt.Errorf("--output %q must be text or json", output)
	}
	return nil
}

// LevelFlag adds --level.
func LevelFlag(cmd *cobra.Command, level *string) {
	cmd.Flags().StringVar(level, "level", string(policy.Baseline), "privileged, baseline or restricted")
	Complete(cmd, "level", string(policy.Privileged), string(policy.Baseline), string(policy.Restricted))
}

// IsTerminal reports whether somebody may be reading along.
func IsTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
