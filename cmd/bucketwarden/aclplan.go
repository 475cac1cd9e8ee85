package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/lines"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/report"
	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/policy/aclplan"
)

const aclPlanLong = `Write the policy that replaces a bucket's ACL, and the steps that are required before ACLs can be turned off.

Paths and objects are the same as for review: ACL, grants, policy and Object Ownership of a bucket may be in one object or
in several. Each grant moves to the policy according to AWS's table of ACL permissions. The policy is proved to allow exactly
what the old policy and the grants allowed, except setting ACLs. The grants of log delivery become statements for
logging.s3.amazonaws.com. Grants to everyone do not move: who needs that access is a question for a person. All rules review the
policy at level baseline before it is printed, and one that they refuse is not proposed. The steps are in an order that S3 accepts
and in which nobody loses access.

The exit code is 1 when a plan has an open question that a person must decide first, and 2 when something could not be read.`

const aclPlanExample = `  # plan the move for a folder of manifests
  bucketwarden acl plan exchange/

  # with the account of a canonical user id, and the bucket whose logs are delivered
  bucketwarden acl plan exchange/ --account 79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be=444455556666 --log-source shop -o json`

type aclPlanFlags struct {
	pathFlags
	owner, context, prefix, output string
	accounts, sources              []string
}

func newACLPlan() *cobra.Command {
	var f aclPlanFlags
	cmd := &cobra.Command{
		Use:     "plan PATH...",
		Short:   "Write the policy that replaces a bucket's ACL",
		Long:    aclPlanLong,
		Example: aclPlanExample,
		Args:    somePaths,
		RunE:    f.run,
	}
	cmd.Flags().StringVar(&f.owner, "owner", "", "`ACCOUNT` that owns the buckets whose objects do not say, 12 digits")
	cmd.Flags().StringArrayVar(&f.accounts, "account", nil,
		"`ID=ACCOUNT`: the account of a canonical user id or an e-mail address; may be repeated")
	cmd.Flags().StringArrayVar(&f.sources, "log-source", nil,
		"`BUCKET` whose server access logs are delivered, in addition to those whose objects say so; may be repeated")
	cmd.Flags().StringVar(&f.prefix, "log-prefix", "", "`PREFIX` of the keys of those logs")
	cmd.Flags().StringVar(&f.context, "bucket-context", "",
		"YAML `FILE` with what is known about the bucket of bare documents: name, ownership, acl, grants, owner ...")
	program.OutputFlag(cmd, &f.output)
	f.register(cmd)
	return cmd
}

func (f *aclPlanFlags) run(cmd *cobra.Command, paths []string) error {
	if err := program.CheckOutput(f.output); err != nil {
		return err
	}
	accounts, err := f.check()
	if err != nil {
		return err
	}
	bucket, err := judgeFlags{context: f.context}.bucket()
	if err != nil {
		return err
	}
	in, err := f.read(cmd, paths)
	if err != nil {
		return err
	}
	in.Bucket = bucket
	plans := f.plans(in, accounts)
	if f.output == "json" {
		_, err = cmd.OutOrStdout().Write(lines.Marshal(report.NewACLPlans(plans)))
	} else {
		err = report.WriteACLPlans(cmd.OutOrStdout(), plans)
	}
	f.finish(in)
	if err = errors.Join(err, in.Finish(cmd.ErrOrStderr())); err != nil {
		return err
	}
	for _, p := range plans {
		if len(p.Open) > 0 {
			return program.ExitError{Code: program.ExitNo}
		}
	}
	return nil
}

// plans makes a plan for each bucket that has an ACL, or may get one.
func (f *aclPlanFlags) plans(in *files.Inputs, accounts map[string]string) []report.BucketPlan {
	var out []report.BucketPlan
	for _, b := range in.WithACLs() {
		if f.owner != "" && !b.In.Bucket.Owner.Known() {
			b.In.Bucket.Owner = files.Fact(f.owner, "--owner")
		}
		b.In.Accounts, b.In.Prefix = accounts, f.prefix
		b.In.Sources = append(b.In.Sources, f.sources...)
		out = append(out, report.Plan(b))
	}
	return out
}

// check refuses flags that would end up in a policy as something else. The error names the flag.
func (f *aclPlanFlags) check() (map[string]string, error) {
	if f.owner != "" && !files.IsAccount(f.owner) {
		return nil, fmt.Errorf("--owner: %q is not 12 digits", f.owner)
	}
	accounts := map[string]string{}
	for _, a := range f.accounts {
		id, number, ok := strings.Cut(a, "=")
		if !ok || id == "" || !files.IsAccount(number) {
			return nil, fmt.Errorf("--account: %q must look like ID=111122223333", a)
		}
		accounts[id] = number
	}
	for _, s := range f.sources {
		if !aclplan.IsBucketName(s) {
			return nil, fmt.Errorf("--log-source: %q is not a bucket name", s)
		}
	}
	if strings.ContainsAny(f.prefix, "*?$") {
		return nil, fmt.Errorf("--log-prefix: %q has a character with a special meaning in a policy", f.prefix)
	}
	return accounts, nil
}
