package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/report"
	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

const reviewLong = `Review the bucket policies in files as the webhook does in a cluster.

A path is a file, a folder (everything below it that ends in .yaml, .yml or .json) or - for standard input. Files contain
Kubernetes objects, lists of them, or one policy document. All of them are read first, because objects inform each other:
a BucketOwnershipControls next to a BucketPolicy decides whether ACLs are on. Objects of unknown kinds are skipped.

The exit code is 1 when something would be refused (--fail-on asks for more), and 2 when something could not be read, while the rest is reviewed,
or when there was nothing to review at all, unless --allow-empty is set.`

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

// outputFlags say what review says, and of what it complains.
type outputFlags struct {
	format, failOn string
	allowEmpty     bool
}

func newReview() *cobra.Command {
	var flags judgeFlags
	var output outputFlags
	cmd := &cobra.Command{
		Use:     "review PATH...",
		Short:   "Review the bucket policies in files",
		Long:    reviewLong,
		Example: reviewExample,
		Args:    somePaths,
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(report.Formats(), output.format) {
				return fmt.Errorf("--output %q must be one of %s", output.format, strings.Join(report.Formats(), ", "))
			}
			return runReview(cmd, args, flags, output)
		},
	}
	flags.register(cmd)
	cmd.Flags().StringVarP(&output.format, "output", "o", report.Formats()[0], "one of "+strings.Join(report.Formats(), ", "))
	cmd.Flags().BoolVar(&output.allowEmpty, "allow-empty", false, "succeed where there is nothing to review")
	cmd.Flags().StringVar(&output.failOn, "fail-on", failOnDeny, "exit code 1 on this or worse: deny, warn (what would be patched as well) or audit")
	program.Complete(cmd, "fail-on", failOnDeny, "warn", "audit")
	program.Complete(cmd, "output", report.Formats()...)
	return cmd
}

func somePaths(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("%s needs a file, a folder or - for standard input", cmd.Name())
	}
	return nil
}

const failOnDeny = "deny"

// parseFailOn returns the mildest action that makes review exit with 1.
func parseFailOn(s string) (policy.Action, error) {
	switch s {
	case failOnDeny:
		return policy.Deny, nil
	case "warn":
		return policy.Warn, nil
	case "audit":
		return policy.Audit, nil
	}
	return policy.Off, fmt.Errorf("%q must be deny, warn or audit", s)
}

func runReview(cmd *cobra.Command, paths []string, flags judgeFlags, output outputFlags) error {
	failing, err := parseFailOn(output.failOn)
	if err != nil {
		return fmt.Errorf("--fail-on: %w", err)
	}
	reviewer, err := flags.reviewer()
	if err != nil {
		return err
	}
	bucket, err := flags.bucket()
	if err != nil {
		return err
	}
	in, err := flags.read(cmd, paths)
	if err != nil {
		return err
	}
	in.Bucket = bucket
	failed := false // by what is judged while it is written down
	all := func(yield func(files.Judged) bool) {
		for j := range in.Judge(cmd.Context(), reviewer) {
			failed = failed || slices.ContainsFunc(j.Findings, func(f review.Finding) bool { return f.Action >= failing })
			if !yield(j) {
				return
			}
		}
		in.NoteExemptions(reviewer.Now)
	}
	err = report.WriteReview(cmd.OutOrStdout(), output.format, thisBuild().Version, in, all)
	flags.finish(in)
	if !output.allowEmpty {
		in.Fail(in.Nothing())
	}
	if err = errors.Join(err, in.Finish(cmd.ErrOrStderr())); err == nil && failed {
		return program.ExitError{Code: program.ExitNo}
	}
	return err
}
