package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/lines"
	"github.com/bucketwarden/bucketwarden/cmd/program"
)

const simulateLong = `Evaluate requests against a policy, by AWS's documentation alone.

A request is one line of JSON; the answer is one line with the same id:

  {"id":1,"principal":"anonymous","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","context":{"aws:SourceIp":"203.0.113.7"}}
  {"id":1,"decision":"Allowed","statements":[0],"reason":"Statement[0] allows it"}

principal is anonymous, a service (cloudtrail.amazonaws.com) or the ARN of a user, a role, a session or an account's root.
A condition key that is not in context is absent, except those that follow from the principal (aws:PrincipalArn and similar).
A "policy" in the line overrides --policy; the line may also have "account", the bucket's owner. --policy is a document, or a
file or folder of objects that hold some, as for review: then each policy answers each request, on a line of its own that
names the object.

The decision is Allowed, ImplicitDeny, ExplicitDeny, or Undecided where AWS's documentation leaves the answer open. It is
about this policy alone: other policies of the caller can take access away and, in the same account, add access.

A line that cannot be answered gives {"id":..,"error":".."}, and the other lines are still answered; the exit code is then 2.
It is 0 when every line has a decision, whichever it is.`

const simulateExample = `  # one policy, requests from a file
  bucketwarden simulate --policy policy.json --request requests.ndjson

  # a policy in every line
  bucketwarden simulate - < requests.ndjson

  # every policy in a folder of manifests
  bucketwarden simulate --policy deploy/ --request requests.ndjson

  # why, statement by statement and element by element
  bucketwarden simulate --policy policy.json --request requests.ndjson --explain`

type simulateFlags struct {
	pathFlags
	policy, request string
	explain         bool
}

func newSimulate() *cobra.Command {
	var f simulateFlags
	cmd := &cobra.Command{
		Use:     "simulate [--policy PATH] [--request FILE | -]",
		Short:   "Evaluate requests against a policy",
		Long:    simulateLong,
		Example: simulateExample,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 || len(args) == 1 && (args[0] != "-" || f.request != "") {
				return fmt.Errorf("simulate accepts only the argument -, and none with --request; got %q", args)
			}
			return nil
		},
		RunE: f.run,
	}
	f.register(cmd)
	cmd.Flags().StringVar(&f.policy, "policy", "", "`PATH` of policies for lines without a policy, - for standard input")
	cmd.Flags().StringVar(&f.request, "request", "", "`FILE` of requests, one a line (default standard input)")
	cmd.Flags().BoolVar(&f.explain, "explain", false, "explain each decision, as text")
	return cmd
}

func (f *simulateFlags) run(cmd *cobra.Command, _ []string) error {
	request := cmp.Or(f.request, "-")
	if f.policy == "-" && request == "-" {
		return errors.New("--policy and --request are both standard input; name a file for one of them")
	}
	s := lines.Simulator{Explain: f.explain}
	if f.policy != "" {
		policies, err := f.readPolicies(cmd, f.policy)
		if err != nil {
			return err
		}
		s.Policies = policies.Policies()
		f.finish(policies)
		if err := policies.Finish(cmd.ErrOrStderr()); err != nil {
			return fmt.Errorf("--policy %w", err)
		}
	}
	in := cmd.InOrStdin()
	if request != "-" {
		file, err := os.Open(request)
		if err != nil {
			return fmt.Errorf("--request %s: %w", request, program.Cause(err))
		}
		defer file.Close() //nolint:errcheck // nothing was written to it
		in = file
	}
	if err := s.Run(in, cmd.OutOrStdout()); err != nil {
		return fmt.Errorf("--request %s: %w", request, err)
	}
	return nil
}
