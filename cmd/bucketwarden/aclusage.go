package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/lines"
	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/plain"
	"github.com/bucketwarden/bucketwarden/policy/usage"
)

const aclUsageLong = `Say from logs which requests needed an ACL, by whom, how often and when: what to move to a policy before ACLs are disabled.

PATH is a file, a folder with all below it, or - for standard input: server access logs of S3 and CloudTrail records, plain
or compressed (gzip). Memory does not grow with them. Lines that cannot be read are counted; --verbose shows them.

With --policy it also says which actions that the policy grants nobody used. With --suggest it writes a narrower policy:
proved to allow nothing that the given one does not, and to allow every request in the logs that the given one allows. Logs
show what was asked for while they were written: what is needed once a year is not in those of a month.

The exit code is 0 when no request needed an ACL; 1 when some did, when the logs do not say, or when no policy can be
suggested.`

const aclUsageExample = `  bucketwarden acl usage logs

  # which actions does nobody use, and what would be enough?
  bucketwarden acl usage logs --policy policy.json --suggest narrower.json

  # of one file, for a program
  bucketwarden acl usage - -o json < logs/2024/2024-05-02-00-10-00-EXAMPLE`

type aclUsageFlags struct {
	policy, suggest, output string
	verbose                 bool
}

func newACLUsage() *cobra.Command {
	var f aclUsageFlags
	cmd := &cobra.Command{
		Use:     "usage PATH...",
		Short:   "Say from logs who needs ACLs, and which granted actions nobody uses",
		Long:    aclUsageLong,
		Example: aclUsageExample,
		Args:    somePaths,
		RunE:    f.run,
	}
	cmd.Flags().StringVar(&f.policy, "policy", "", "policy document, or object with one, in this `FILE`: say what nobody uses of it")
	cmd.Flags().StringVar(&f.suggest, "suggest", "", "write a narrower policy to this `FILE` or -")
	cmd.Flags().BoolVarP(&f.verbose, "verbose", "v", false, "show what cannot be read")
	program.OutputFlag(cmd, &f.output)
	return cmd
}

func (f *aclUsageFlags) run(cmd *cobra.Command, paths []string) error {
	if err := program.CheckOutput(f.output); err != nil {
		return err
	}
	if f.suggest != "" && f.policy == "" {
		return errors.New("--suggest: there is nothing to make narrower; give --policy")
	}
	var doc *iam.Document
	if f.policy != "" {
		var err error
		if doc, err = readOnePolicy(f.policy); err != nil {
			return fmt.Errorf("--policy %s: %w", f.policy, err)
		}
	}
	reader := logReader{tally: usage.NewTally(), stdin: cmd.InOrStdin()}
	if f.verbose {
		reader.complain = cmd.ErrOrStderr()
	}
	reader.read(paths, cmd.ErrOrStderr())

	report := newUsageReport(&reader)
	if doc != nil {
		evidence := reader.tally.About(doc)
		report.grants(evidence)
		if f.suggest != "" {
			report.suggest(reader.tally.Suggest(evidence))
		}
	}
	if err := f.write(cmd, report); err != nil {
		return err
	}
	if err := errors.Join(reader.errs...); err != nil {
		return err
	}
	if report.Verdict != verdictNo || report.Suggestion != nil && report.Suggestion.Reason != "" {
		return program.ExitError{Code: program.ExitNo}
	}
	return nil
}

func (f *aclUsageFlags) write(cmd *cobra.Command, report *usageReport) error {
	out := cmd.OutOrStdout()
	var err error
	if f.output == "json" {
		_, err = out.Write(lines.Marshal(report))
	} else {
		err = report.text(out)
	}
	if err != nil || report.Suggestion == nil || report.Suggestion.policy == "" {
		return err
	}
	if f.suggest == "-" && f.output == "json" {
		return nil // it is in there
	}
	if f.suggest == "-" {
		_, err = fmt.Fprintf(out, "%s\n", plain.JSON([]byte(report.Suggestion.policy)))
		return err
	}
	if err := os.WriteFile(f.suggest, []byte(report.Suggestion.policy+"\n"), 0o666); err != nil {
		return fmt.Errorf("--suggest %s: %w", f.suggest, program.Cause(err))
	}
	return nil
}
