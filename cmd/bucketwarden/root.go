package main

import (
	"github.com/spf13/cobra"

	"github.com/bucketwarden/bucketwarden/cmd/program"
)

func newRoot() *cobra.Command {
	cmd := &cobra.Command{Use: "bucketwarden", Short: "Review S3 bucket policies"}
	cmd.AddCommand(newReview(), newFix(), newSimulate(), newCompare(), newAccess(), newACL(), newExplain(), newRules(),
		newGenerate(), newDrift(), program.NewVersion("bucketwarden", thisBuild()))
	return cmd
}

func thisBuild() program.Build { return program.ThisBuild(version, revision) }
