package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/bucketwarden/bucketwarden/cmd/program"
)

func newRoot() *cobra.Command {
	cmd := &cobra.Command{Use: "bucketwarden", Short: "Review S3 bucket policies"}
	cmd.AddCommand(newReview(), newFix(), newSimulate(), newCompare(), newAccess(), newACL(), newExplain(), newRules(),
		newGenerate(), newDrift(), program.NewVersion("bucketwarden", thisBuild()))
	for _, name := range []string{"serve", "selftest", "unregister"} {
		cmd.AddCommand(newElsewhere(name))
	}
	return cmd
}

// newElsewhere says which program has a command that this one does not have.
func newElsewhere(name string) *cobra.Command {
	const server = "bucketwarden-webhook"
	return &cobra.Command{
		Use: name, Short: "A command of " + server, Hidden: true, DisableFlagParsing: true,
		RunE: func(*cobra.Command, []string) error {
			return fmt.Errorf("%s is a command of another program: %s %[1]s", name, server)
		},
	}
}

func thisBuild() program.Build { return program.ThisBuild(version, revision) }
