// Package program is what the command line and the server have in common as programs: how they run and end, how errors are
// printed, the flags that both have, and which build they are.
package program

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"github.com/agext/levenshtein"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/bucketwarden/bucketwarden/policy/plain"
)

// The exit codes: answered; answered with no; not run, or not to the end.
const (
	ExitOK = iota
	ExitNo
	ExitUnable
)

// ExitError is an error that asks for an exit code other than ExitUnable.
type ExitError struct {
	Code int
	Err  error // nil when everything has been said
}

// Error returns the text of Err, "" where everything has been said.
func (e ExitError) Error() string {
	if e.Err == nil {
		return ""
	}
	return e.Err.Error()
}

// Unwrap returns Err.
func (e ExitError) Unwrap() error { return e.Err }

// SetGCPercent sets what the environment variable GOGC does, unless that is set.
func SetGCPercent(percent int) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
}

// Run runs a root command. It returns the exit code and says on stderr why that is not 0.
func Run(root *cobra.Command, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root.SilenceErrors, root.SilenceUsage = true, true
	helpPlainly(root)
	root.SetFlagErrorFunc(suggestFlag)
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.Execute()
	if err == nil {
		return ExitOK
	}
	if err.Error() != "" {
		printError(stderr, root.Name(), err)
	}
	if exit := (ExitError{}); errors.As(err, &exit) {
		return exit.Code
	}
	return ExitUnable
}

// suggestFlag adds to an error about a flag that there is not the one that may have been meant.
func suggestFlag(cmd *cobra.Command, err error) error {
	unknown := (*pflag.NotExistError)(nil)
	if !errors.As(err, &unknown) || len(unknown.GetSpecifiedName()) < 3 {
		return err
	}
	name := unknown.GetSpecifiedName()
	best, nearest := max(2, len(name)/3)+1, ""
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if d := levenshtein.Distance(name, f.Name, nil); d < best && !f.Hidden {
			best, nearest = d, f.Name
		}
	})
	if nearest == "" {
		return err
	}
	return fmt.Errorf("%w; did you mean --%s?", err, nearest)
}

// printError says what went wrong, one line for each error that was joined. Cobra puts its suggestions on lines of their own.
func printError(stderr io.Writer, name string, err error) {
	for _, line := range plain.Lines(err) {
		line = strings.TrimSuffix(line, `\n`)
		line = strings.ReplaceAll(strings.ReplaceAll(line, `\n\nDid you mean this?\n\t`, "; did you mean "), `\n\t`, " or ")
		fmt.Fprintln(stderr, name+":", line)
	}
}

// helpPlainly has help say in plain text which command it does not know.
func helpPlainly(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	help, _, err := root.Find([]string{"help"})
	if err != nil {
		return
	}
	help.Run, help.Example = nil, "  "+root.Name()+" help version"
	help.RunE = func(_ *cobra.Command, args []string) error {
		cmd, _, err := root.Find(args)
		if err != nil {
			return err
		}
		cmd.InitDefaultHelpFlag()
		return cmd.Help()
	}
}

// Cause leaves the file's name out of an error that is about to get it.
func Cause(err error) error {
	if path := (*os.PathError)(nil); errors.As(err, &path) {
		return path.Err
	}
	return err
}
