package main

import (
	"errors"
	"io"

	"github.com/spf13/cobra"
)

// The exit codes: answered; answered with no; not run, or not to the end.
const (
	exitOK = iota
	exitNo
	exitUnable
)

// exitError is an error that asks for an exit code other than exitUnable.
type exitError struct {
	code int
	err  error // nil when everything has been said
}

func (e exitError) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e exitError) Unwrap() error { return e.err }

// run is the program: it returns its exit code and says on stderr why that is not 0.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	cmd := newRoot()
	cmd.SetArgs(args)
	cmd.SetIn(stdin)
	cmd.SetOut(stdout)
	cmd.SetErr(stderr)
	err := cmd.Execute()
	if err == nil {
		return exitOK
	}
	if text := err.Error(); text != "" {
		cmd.PrintErrln("bucketwarden:", text)
	}
	if exit := (exitError{}); errors.As(err, &exit) {
		return exit.code
	}
	return exitUnable
}

func newRoot() *cobra.Command {
	cmd := &cobra.Command{
		Use:           "bucketwarden",
		Short:         "Judge S3 bucket policies",
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	cmd.AddCommand(newReview(), newFix(), newSimulate(), newCompare(), newAccess(), newACL(), newExplain(), newRules(),
		newGenerate(), newDrift(), newServe(), newSelftest(), newUnregister(), newVersion())
	return cmd
}
