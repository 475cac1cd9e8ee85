package main

import (
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/spf13/cobra"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/lines"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/report"
	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/public"
	"github.com/bucketwarden/bucketwarden/policy/reach"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

const accessLong = `Show who can do what under a bucket policy, and how certain that is.

Paths are the same as for review: files, folders, - for standard input, of policy documents or of objects that hold some. Each
policy gets its answer, with the object that it stands in.

s3Status is what S3 calls the policy: only fixed values in each Allow count there, and Denies do not. anonymous says whether
an unsigned request is allowed. world says whether a signed request is allowed from any account and place that the policy
does not name; here Denies count. external says the same of callers outside --trust.

With -o json each answer is one line. With --batch - each line {"id":..,"policy":{..}} gets one answer, in order, as JSON.`

const accessExample = `  bucketwarden access policy.json

  # who has access to the buckets of a folder of manifests?
  bucketwarden access deploy/

  # who outside our organization has access?
  bucketwarden access policy.json --trust trust.yaml -o json`

// questionSteps is what a question about a policy may take: half a second.
const questionSteps = 5_000_000

// policyLine is one line of a batch.
type policyLine struct {
	ID     jsontext.Value `json:"id"`
	Policy jsontext.Value `json:"policy"`
}

type accessFlags struct {
	pathFlags
	batch, trust, output string
}

func newAccess() *cobra.Command {
	var f accessFlags
	cmd := &cobra.Command{
		Use:     "access PATH...",
		Short:   "Show who a policy lets in",
		Long:    accessLong,
		Example: accessExample,
		RunE:    f.run,
	}
	batchFlag(cmd, &f.batch, "a policy", "policies", func(args int) bool { return args > 0 })
	f.register(cmd)
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
	if f.batch != "" {
		return lines.Batch(cmd.InOrStdin(), cmd.OutOrStdout(), f.batch, func(id jsontext.Value, q policyLine) (any, error) {
			doc, err := lines.Document("policy", q.Policy)
			if err != nil {
				return nil, err
			}
			out := askAccess(doc, trust)
			out.ID = id
			return out, nil
		})
	}
	in, err := f.readPolicies(cmd, args...)
	if err != nil {
		return err
	}
	all := in.Resources(in.Policies())
	for i, p := range all {
		if len(p.Document.Statements) > 0 && p.Document.IsIdentityPolicy() {
			in.Notes = append(in.Notes, p.Item.File.Name+": no statement names a Principal; in a policy of a user or role, only who has it gets the access")
		}
		answer := askAccess(p.Document, trust)
		answer.Subject = report.NewSubject(p)
		if err := f.write(cmd.OutOrStdout(), answer, !report.Plain(all), i == 0); err != nil {
			return err
		}
	}
	f.finish(in)
	return in.Finish(cmd.ErrOrStderr())
}

func askAccess(doc *iam.Document, trust *public.Trust) report.Access {
	return report.NewAccess(reach.Ask(doc, trust, space.Steps(questionSteps)), reach.Grants(doc))
}

// write writes one answer, the first or a further one.
func (f *accessFlags) write(out io.Writer, answer report.Access, named, first bool) error {
	if f.output == "json" {
		_, err := out.Write(lines.Marshal(answer))
		return err
	}
	if !first {
		fmt.Fprintln(out)
	}
	return answer.WriteText(out, named)
}
