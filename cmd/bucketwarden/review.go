package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

const reviewLong = `Judge the bucket policies in files as the webhook judges them in a cluster.

A path is a file, a folder (everything below it that ends in .yaml, .yml or .json) or - for standard input. Files hold
Kubernetes objects, lists of them, or one policy document. All of them are read first, so that objects inform each other:
a BucketOwnershipControls beside a BucketPolicy decides whether ACLs are on. What is of no known kind is passed over.

The exit code is 1 when something would be refused, and 2 when something could not be read; the rest is reviewed.`

const reviewExample = `  # a folder of manifests
  bucketwarden review deploy/

  # what a chart renders
  helm template CHART | bucketwarden review -

  # a policy document, for a bucket with its ACLs off, as JSON
  bucketwarden review policy.json --bucket-context bucket.yaml -o json

  # for GitHub's code scanning
  bucketwarden review deploy/ -o sarif

  # a page to read in a browser, with who can do what
  bucketwarden review deploy/ -o html`

func newReview() *cobra.Command {
	var flags judgeFlags
	var output string
	cmd := &cobra.Command{
		Use:     "review PATH...",
		Short:   "Judge the bucket policies in files",
		Long:    reviewLong,
		Example: reviewExample,
		Args:    somePaths,
		RunE: func(cmd *cobra.Command, args []string) error {
			i := slices.IndexFunc(formats, func(f format) bool { return f.name == output })
			if i < 0 {
				return fmt.Errorf("--output %q is none of %s", output, formatNames())
			}
			return runReview(cmd, args, flags, formats[i].write)
		},
	}
	flags.register(cmd)
	cmd.Flags().StringVarP(&output, "output", "o", formats[0].name, "one of "+formatNames())
	program.Complete(cmd, "output", strings.Split(formatNames(), ", ")...)
	return cmd
}

// format is one way to write down a review.
type format struct {
	name  string
	write func(w io.Writer, in *inputs, all []judged) error
}

// formats are all there are, the default first.
var formats = []format{
	{"text", func(w io.Writer, in *inputs, all []judged) error {
		return writeText(w, in, all, wantsColour(w, os.Getenv))
	}},
	{"json", func(w io.Writer, in *inputs, all []judged) error {
		return program.WriteJSON(w, newReviewOutput(in, all))
	}},
	{"sarif", func(w io.Writer, in *inputs, all []judged) error { return program.WriteJSON(w, newSARIF(in, all)) }},
	{"junit", writeJUnit},
	{"github", writeGitHub},
	{"html", writeHTML},
}

func formatNames() string {
	var out []string
	for _, f := range formats {
		out = append(out, f.name)
	}
	return strings.Join(out, ", ")
}

func somePaths(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("%s needs a file, a folder or - for standard input", cmd.Name())
	}
	return nil
}

func runReview(cmd *cobra.Command, paths []string, flags judgeFlags, write func(io.Writer, *inputs, []judged) error) error {
	reviewer, err := flags.reviewer()
	if err != nil {
		return err
	}
	bucket, err := flags.bucket()
	if err != nil {
		return err
	}
	in := readInputs(cmd, paths)
	in.bucket = bucket
	if err := in.configureFrom(flags.rulesets); err != nil {
		return err
	}
	all := in.judge(cmd.Context(), reviewer)
	in.noteExemptions(all, reviewer.Now)
	err = write(cmd.OutOrStdout(), in, all)
	if err = errors.Join(err, in.finish(cmd.ErrOrStderr())); err != nil {
		return err
	}
	for _, j := range all {
		if j.Verdict() == review.Deny {
			return program.ExitError{Code: program.ExitNo}
		}
	}
	return nil
}
