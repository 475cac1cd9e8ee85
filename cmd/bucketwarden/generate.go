package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/report"
	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/plain"
	"github.com/bucketwarden/bucketwarden/policy/profiles"
)

const generateLong = `Write the smallest policy for a well-known workload: log delivery, synchronisation, replication, a website.

Without a profile it lists all profiles. The policy is for the bucket; with --identity it is the caller's. Across accounts
both are needed; within one account the identity policy is enough. Services call as themselves and need no identity policy.`

const generateExample = `  # which profiles are there?
  bucketwarden generate

  bucketwarden generate cloudtrail --bucket logs --account 111122223333 --region eu-central-1 --trail main

  # both sides of aws s3 sync --delete into a bucket of another account
  bucketwarden generate s3-sync-destination --bucket logs --prefix team-a/ --delete --principal arn:aws:iam::444455556666:role/sync
  bucketwarden generate s3-sync-destination --bucket logs --prefix team-a/ --delete --principal arn:aws:iam::444455556666:role/sync --identity`

func newGenerate() *cobra.Command {
	var output string
	var identity bool
	cmd := &cobra.Command{
		Use:     "generate [PROFILE] --bucket B",
		Short:   "Write the smallest policy for a workload",
		Long:    generateLong,
		Example: generateExample,
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := program.CheckOutput(output); err != nil {
				return err
			}
			if len(args) == 0 {
				return report.WriteProfiles(cmd.OutOrStdout(), output)
			}
			profile, err := profiles.Find(args[0])
			if err != nil {
				return err
			}
			return generate(cmd, profile, identity)
		},
	}
	for _, p := range profiles.All() {
		cmd.ValidArgs = append(cmd.ValidArgs, cobra.CompletionWithDesc(p.Name, p.Summary))
	}
	parameterFlags(cmd)
	cmd.Flags().BoolVar(&identity, "identity", false, "write the caller's identity policy")
	program.OutputFlag(cmd, &output)
	return cmd
}

// parameterFlags adds a flag for each parameter of a profile.
func parameterFlags(cmd *cobra.Command) {
	for _, p := range profiles.Parameters() {
		if p.Option() {
			cmd.Flags().Bool(p.Name, false, p.Means)
		} else {
			cmd.Flags().String(p.Name, "", p.Means+", such as "+p.Like)
		}
	}
}

// generate prints one document. Errors about a value begin with its flag.
func generate(cmd *cobra.Command, p *profiles.Profile, identity bool) error {
	values := profiles.Values{}
	for _, q := range profiles.Parameters() {
		if f := cmd.Flags().Lookup(q.Name); f.Changed && f.Value.String() != "false" {
			values[q.Name] = f.Value.String()
		}
	}
	write := p.Bucket
	if identity {
		write = p.Identity
	}
	doc, err := write(values)
	if err != nil {
		return fmt.Errorf("--%w", err)
	}
	if needed := policy.OneOf(p.Ownership); needed != "" {
		cmd.PrintErrln(plain.Line(fmt.Sprintf("%s works only if the Object Ownership of %s is %s", p.Name, values["bucket"], needed)))
	}
	_, err = cmd.OutOrStdout().Write(plain.JSON([]byte(doc.Text())))
	return err
}
