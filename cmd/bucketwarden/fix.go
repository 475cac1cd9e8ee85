package main

import (
	"context"
	"errors"
	"io"
	"slices"

	"github.com/aymanbagabas/go-udiff"
	"github.com/spf13/cobra"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/policy/plain"
)

const fixLong = `Apply the webhook's fixes to files, so that Git matches the cluster.

Only what is proved to be safe is changed: nothing is newly allowed, and no request is lost that S3 would serve. In the YAML
only the necessary bytes change: comments, order, quotes, indentation and line ends stay. Fixing twice changes nothing.
By default it prints a unified diff. Of what stays, notes on standard error say why it is not fixed.

As a filter, "fix -" reads a stream and writes the fixed stream: for helm's --post-renderer, or after crossplane render.
"fix --krm" reads and writes a KRM ResourceList, for kustomize and kpt.`

const fixExample = `  # what would change
  bucketwarden fix deploy/

  # change it
  bucketwarden fix deploy/ -w

  # fail when something would change, as in a pre-commit hook
  bucketwarden fix deploy/ --check

  # between a chart and the cluster
  helm template CHART | bucketwarden fix -`

// fixFlags say what fix does with the text that it makes.
type fixFlags struct {
	judgeFlags
	diff, check, write, krm, narrowing bool
}

func newFix() *cobra.Command {
	var flags fixFlags
	cmd := &cobra.Command{
		Use:     "fix PATH... [--diff | --check | -w]",
		Short:   "Apply the webhook's fixes to files",
		Long:    fixLong,
		Example: fixExample,
		Args:    flags.checkPaths,
		RunE: func(cmd *cobra.Command, args []string) error {
			if flags.krm {
				return runKRM(cmd, flags)
			}
			return runFix(cmd, args, flags)
		},
	}
	flags.register(cmd)
	cmd.Flags().BoolVar(&flags.diff, "diff", false, "print a unified diff (the default, except for -)")
	cmd.Flags().BoolVar(&flags.check, "check", false, "list the files that need a fix; exit code 1 if there are any")
	cmd.Flags().BoolVarP(&flags.write, "write", "w", false, "change the files, and list the changed ones")
	cmd.Flags().BoolVar(&flags.krm, "krm", false, "read a KRM ResourceList from standard input and write it to standard output")
	cmd.Flags().BoolVar(&flags.narrowing, "narrowing", false, "also apply fixes that take access away on purpose")
	cmd.MarkFlagsMutuallyExclusive("diff", "check", "write", "krm")
	return cmd
}

func (f *fixFlags) checkPaths(cmd *cobra.Command, args []string) error {
	stdin := false
	for _, a := range args {
		stdin = stdin || a == manifest.Stdin
	}
	switch {
	case f.krm && len(args) > 0:
		return errors.New("--krm reads standard input and takes no paths")
	case f.krm:
		return nil
	case stdin && len(args) > 1:
		return errors.New("- cannot be combined with other paths: it writes what it reads")
	case stdin && f.write:
		return errors.New("-w cannot change standard input; leave -w out to get the fixed stream")
	}
	return somePaths(cmd, args)
}

func runFix(cmd *cobra.Command, paths []string, flags fixFlags) error {
	in, all, err := flags.judge(cmd.Context(), func() (*files.Inputs, error) { return flags.read(cmd, paths) })
	if err != nil {
		return err
	}
	fixed := in.Fix(all)
	filter := paths[0] == manifest.Stdin && !flags.diff && !flags.check
	if filter && len(in.Errs) > 0 {
		return in.Finish(cmd.ErrOrStderr()) // half a stream would be taken for a whole one
	}
	changed := 0
	for _, f := range fixed {
		if f.Text != f.File.Text {
			changed++
		} else if !filter {
			continue
		}
		if err := flags.show(cmd.OutOrStdout(), f, filter); err != nil {
			in.Fail(err)
		}
	}
	if err := in.Finish(cmd.ErrOrStderr()); err != nil {
		return err
	}
	if flags.check && changed > 0 {
		return program.ExitError{Code: program.ExitNo}
	}
	return nil
}

// judge reads and judges what there is to fix.
func (f fixFlags) judge(ctx context.Context, read func() (*files.Inputs, error)) (*files.Inputs, []files.Judged, error) {
	reviewer, err := f.reviewer()
	if err != nil {
		return nil, nil, err
	}
	reviewer.Narrowing = f.narrowing
	bucket, err := f.bucket()
	if err != nil {
		return nil, nil, err
	}
	in, err := read()
	if err != nil {
		return nil, nil, err
	}
	in.Bucket = bucket
	all := slices.Collect(in.Judge(ctx, reviewer))
	f.finish(in)
	return in, all, nil
}

// show does with one changed file what the flags say.
func (f fixFlags) show(out io.Writer, file files.Fixed, filter bool) error {
	var text string
	switch name := file.File.Name; {
	case filter:
		text = file.Text
	case f.check:
		text = plain.Line(name) + "\n"
	case f.write:
		if err := file.File.Write(file.Text); err != nil {
			return err
		}
		text = plain.Line(name) + "\n"
	default:
		text = plain.Text(udiff.Unified(plain.Line(name), plain.Line(name), file.File.Text, file.Text))
	}
	_, err := io.WriteString(out, text)
	return err
}
