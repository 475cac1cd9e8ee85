package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/spf13/cobra"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/lines"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/report"
	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/public"
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

// accessAnswer is what one policy gets.
type accessAnswer struct {
	ID        jsontext.Value `json:"id,omitempty"`
	S3Status  statusAnswer   `json:"s3Status"`
	Anonymous reachAnswer    `json:"anonymous"`
	World     reachAnswer    `json:"world"`
	External  *reachAnswer   `json:"external,omitempty"`
	Grants    []reach.Grant  `json:"grants"`
}

type statusAnswer struct {
	Verdict   public.Status `json:"verdict"`
	Statement *int          `json:"statement"`
	Reason    string        `json:"reason"`
}

type reachAnswer struct {
	Verdict string         `json:"verdict"`
	Witness *authz.Request `json:"witness"`
	Reason  string         `json:"reason,omitempty"`
}

// policyLine is one line of a batch.
type policyLine struct {
	ID     jsontext.Value `json:"id"`
	Policy jsontext.Value `json:"policy"`
}

func newAccess() *cobra.Command {
	var batch, trust, output string
	cmd := &cobra.Command{
		Use:     "access POLICY",
		Short:   "Show who a policy lets in",
		Long:    accessLong,
		Example: accessExample,
		Args: func(_ *cobra.Command, args []string) error {
			if batch == "" && len(args) != 1 || batch != "" && len(args) > 0 {
				return fmt.Errorf("access needs one policy, or only --batch -; got %q", args)
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := program.CheckOutput(output); err != nil {
				return err
			}
			trusted, err := program.ReadTrust(trust)
			if err != nil {
				return err
			}
			if batch != "" {
				return lines.Batch(cmd.InOrStdin(), cmd.OutOrStdout(), batch, func(id jsontext.Value, q policyLine) (any, error) {
					doc, err := lines.Document("policy", q.Policy)
					if err != nil {
						return nil, err
					}
					return accessOf(id, doc, trusted), nil
				})
			}
			doc, err := files.ReadPolicy(cmd.InOrStdin(), args[0])
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			answer := accessOf(nil, doc, trusted)
			if output == "json" {
				_, err = cmd.OutOrStdout().Write(lines.Marshal(answer))
				return err
			}
			return writeAccess(cmd.OutOrStdout(), answer)
		},
	}
	cmd.Flags().StringVar(&batch, "batch", "", "read policies, one a line, from this `FILE` or -")
	program.TrustFlag(cmd, &trust)
	program.OutputFlag(cmd, &output)
	return cmd
}

// questionSteps is what a question about a policy may take: half a second.
const questionSteps = 5_000_000

func accessOf(id jsontext.Value, doc *iam.Document, trust *public.Trust) accessAnswer {
	status, statement, reason := public.S3Status(doc)
	answers := reach.Ask(doc, trust, space.Steps(questionSteps))
	out := accessAnswer{
		ID:        id,
		S3Status:  statusAnswer{Verdict: status, Reason: reason},
		Anonymous: reachOf(answers.Anonymous),
		World:     reachOf(answers.World),
		Grants:    reach.Grants(doc),
	}
	if statement >= 0 {
		out.S3Status.Statement = &statement
	}
	if answers.External != nil {
		external := reachOf(*answers.External)
		out.External = &external
	}
	return out
}

func reachOf(v space.Verdict) reachAnswer {
	words := map[space.Answer]string{space.Found: "yes", space.None: "no", space.Undecided: "undecided"}
	return reachAnswer{words[v.Answer], v.Witness, v.Why()}
}

func writeAccess(w io.Writer, a accessAnswer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	report.Row(table, "S3 calls it", string(a.S3Status.Verdict), a.S3Status.Reason)
	rows := []struct {
		who string
		reachAnswer
	}{{"anonymous callers", a.Anonymous}, {"any AWS account", a.World}}
	if a.External != nil {
		rows = append(rows, struct {
			who string
			reachAnswer
		}{"outside the trust", *a.External})
	}
	for _, r := range rows {
		why := r.Reason
		if r.Witness != nil {
			why = r.Witness.String()
		}
		report.Row(table, r.who, r.Verdict, why)
	}
	fmt.Fprintln(table, "\nPRINCIPAL\tACTIONS\tRESOURCES\tCONDITIONS")
	for _, g := range a.Grants {
		report.Row(table, g.Principal, strings.Join(g.Actions, " "), strings.Join(g.Resources, " "), g.Conditions)
	}
	return table.Flush()
}
