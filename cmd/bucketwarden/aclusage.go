package main

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/lines"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/report"
	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/plain"
	"github.com/bucketwarden/bucketwarden/policy/usage"
)

const aclUsageLong = `Show from logs which requests needed an ACL, by whom, how often and when: move these to a policy before you disable ACLs.

PATH is a file, a folder with everything below it, or - for standard input. It holds S3 server access logs or CloudTrail
records, plain or compressed (gzip). Memory does not grow with them. Lines that cannot be read are counted; --verbose shows them.

With --policy it also shows which granted actions nobody used. With --suggest it writes a narrower policy, which is proved to
allow nothing that the given policy does not, and to allow every request in the logs that the given policy allows. Logs only
show the time in which they were written: what is needed once a year is not in the logs of a month.

The exit code is 0 when no request needed an ACL; 1 when some did, when the logs do not say, or when no policy can be
suggested.`

const aclUsageExample = `  bucketwarden acl usage logs

  # which actions are unused, and which policy would be enough?
  bucketwarden acl usage logs --policy policy.json --suggest narrower.json

  # one file, with output for a program
  bucketwarden acl usage - -o json < logs/2024/2024-05-02-00-10-00-EXAMPLE`

type aclUsageFlags struct {
	policy, suggest, output string
	verbose                 bool
}

func newACLUsage() *cobra.Command {
	var f aclUsageFlags
	cmd := &cobra.Command{
		Use:     "usage PATH...",
		Short:   "Show from logs who needs ACLs, and which granted actions are unused",
		Long:    aclUsageLong,
		Example: aclUsageExample,
		Args:    somePaths,
		RunE:    f.run,
	}
	cmd.Flags().StringVar(&f.policy, "policy", "", "`FILE` with a policy document, or an object with one: show which of its actions are unused")
	cmd.Flags().StringVar(&f.suggest, "suggest", "", "write a narrower policy to this `FILE` or -")
	cmd.Flags().BoolVarP(&f.verbose, "verbose", "v", false, "show what cannot be read")
	program.OutputFlag(cmd, &f.output)
	return cmd
}

func (f *aclUsageFlags) run(cmd *cobra.Command, paths []string) error {
	if err := program.CheckOutput(f.output); err != nil {
		return err
	}
	doc, err := f.document(cmd, paths)
	if err != nil {
		return err
	}
	reader := files.Logs{Tally: usage.NewTally(), Stdin: cmd.InOrStdin()}
	if f.verbose {
		reader.Complain = cmd.ErrOrStderr()
	}
	reader.Read(paths, cmd.ErrOrStderr())

	used := report.NewUsage(&reader)
	if doc != nil {
		evidence := reader.Tally.About(doc)
		used.SetGrants(evidence)
		if f.suggest != "" {
			used.Suggest(reader.Tally.Suggest(evidence))
		}
	}
	if err := f.write(cmd, used); err != nil {
		return err
	}
	if err := errors.Join(reader.Errs...); err != nil {
		return err
	}
	if used.Verdict != report.VerdictNo || used.Suggestion != nil && used.Suggestion.Reason != "" {
		return program.ExitError{Code: program.ExitNo}
	}
	return nil
}

// document reads the policy of --policy, nil without one.
func (f *aclUsageFlags) document(cmd *cobra.Command, paths []string) (*iam.Document, error) {
	switch {
	case f.policy == "" && f.suggest != "":
		return nil, errors.New("--suggest needs --policy: the policy to make narrower")
	case f.policy == "":
		return nil, nil
	}
	if f.policy == manifest.Stdin && slices.Contains(paths, manifest.Stdin) {
		return nil, errors.New("--policy and the logs are both standard input; name a file for one of them")
	}
	in := files.ReadPolicies(cmd.InOrStdin(), cmd.ErrOrStderr(), []string{f.policy})
	doc, err := in.OnlyPolicy()
	if err != nil {
		return nil, fmt.Errorf("--policy %w", err)
	}
	return doc, nil
}

func (f *aclUsageFlags) write(cmd *cobra.Command, used *report.Usage) error {
	out := cmd.OutOrStdout()
	var err error
	if f.output == "json" {
		_, err = out.Write(lines.Marshal(used))
	} else {
		err = used.Text(out)
	}
	if err != nil || used.Suggestion == nil || used.Suggestion.Document == "" {
		return err
	}
	if f.suggest == "-" && f.output == "json" {
		return nil // it is in there
	}
	if f.suggest == "-" {
		_, err = fmt.Fprintf(out, "%s\n", plain.JSON([]byte(used.Suggestion.Document)))
		return err
	}
	if err := os.WriteFile(f.suggest, []byte(used.Suggestion.Document+"\n"), 0o666); err != nil {
		return fmt.Errorf("--suggest %s: %w", f.suggest, program.Cause(err))
	}
	return nil
}
