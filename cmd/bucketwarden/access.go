package main

import (
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/spf13/cobra"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/lines"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/report"
	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/reach"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

const accessLong = `Show who can do what under a bucket policy, and how certain that is.

s3Status is what S3 calls the policy: only fixed values in each Allow count there, and Denies do not. anonymous says whether
an unsigned request is allowed. world says whether a signed request is allowed from any account and place that the policy
does not name; here Denies count. external says the same of callers outside --trust.

With --batch - each line {"id":..,"policy":{..}} gets one answer, in order, as JSON.`

const accessExample = `  bucketwarden access policy.json

  # who outside our organization has access?
  bucketwarden access policy.json --trust trust.yaml -o json`

// questionSteps is what a question about a policy may take: half a second.
const questionSteps = 5_000_000

// policyLine is one line of a batch.
type policyLine struct {
	ID     jsontext.Value `json:"id"`
	Policy jsontext.Value `json:"policy"`
}

type accessFlags struct{ batch, trust, output string }

func newAccess() *cobra.Command {
	var f accessFlags
	cmd := &cobra.Command{
		Use:     "access POLICY",
		Short:   "Show who a policy lets in",
		Long:    accessLong,
		Example: accessExample,
		Args: func(_ *cobra.Command, args []string) error {
			if f.batch == "" && len(args) != 1 || f.batch != "" && len(args) > 0 {
				return fmt.Errorf("access needs one policy, or only --batch -; got %q", args)
			}
			return nil
		},
		RunE: f.run,
	}
	cmd.Flags().StringVar(&f.batch, "batch", "", "read policies, one a line, from this `FILE` or -")
	program.TrustFlag(cmd, &f.trust)
	program.OutputFlag(cmd, &f.output)
	return cmd
}

func (f *accessFlags) run(cmd *cobra.Command, args []string) error {
	if err := program.CheckOutput(f.output); err != nil {
		return err
	}
	trust, err := program.ReadTrust(f.trust)
	if err != nil {
		return err
	}
	ask := func(id jsontext.Value, doc *iam.Document) report.Access {
		return report.NewAccess(id, reach.Ask(doc, trust, space.Steps(questionSteps)), reach.Grants(doc))
	}
	if f.batch != "" {
		return lines.Batch(cmd.InOrStdin(), cmd.OutOrStdout(), f.batch, func(id jsontext.Value, q policyLine) (any, error) {
			doc, err := lines.Document("policy", q.Policy)
			if err != nil {
				return nil, err
			}
			return ask(id, doc), nil
		})
	}
	doc, err := files.ReadPolicy(cmd.InOrStdin(), args[0])
	if err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	if f.output == "json" {
		_, err = cmd.OutOrStdout().Write(lines.Marshal(ask(nil, doc)))
		return err
	}
	return ask(nil, doc).WriteText(cmd.OutOrStdout())
}
