package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bucketwarden/bucketwarden/policy/plain"
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
	if err.Error() != "" {
		printError(stderr, err)
	}
	if exit := (exitError{}); errors.As(err, &exit) {
		return exit.code
	}
	return exitUnable
}

// printError says what went wrong, one line for each error that was joined. Cobra puts its suggestions on lines of their own.
func printError(stderr io.Writer, err error) {
	for _, line := range plain.Lines(err) {
		line = strings.TrimSuffix(line, `\n`)
		line = strings.ReplaceAll(strings.ReplaceAll(line, `\n\nDid you mean this?\n\t`, "; did you mean "), `\n\t`, " or ")
		fmt.Fprintln(stderr, "bucketwarden:", line)
	}
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
	helpPlainly(cmd)
	return cmd
}

// helpPlainly has help say in plain text which command it does not know.
func helpPlainly(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	help, _, err := root.Find([]string{"help"})
	if err != nil {
		return
	}
	help.Run, help.Example = nil, "  bucketwarden help review"
	help.RunE = func(_ *cobra.Command, args []string) error {
		cmd, _, err := root.Find(args)
		if err != nil {
			return err
		}
		cmd.InitDefaultHelpFlag()
		return cmd.Help()
	}
}
