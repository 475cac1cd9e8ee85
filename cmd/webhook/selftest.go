package main

import (
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/bucketwarden/bucketwarden/cmd/kubeconfig"
	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/policy/plain"
	"github.com/bucketwarden/bucketwarden/webhook"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

const selftestLong = `Check that a cluster refuses public policies.

For each kind that can hold a policy and that the cluster serves, it asks the API server to create, as a dry run, an
object with a public policy. Nothing is created. helm test runs this.

The exit code is 1 when a public policy was admitted, and 2 when one could not be tried, for example for lack of a permission.`

const selftestExample = `  bucketwarden-webhook selftest

  # only Upbound's kinds, in a namespace that is judged
  bucketwarden-webhook selftest --provider upbound --namespace team-a`

func newSelftest() *cobra.Command {
	var namespace, file string
	var providers []string
	cmd := &cobra.Command{
		Use:     "selftest",
		Short:   "Check that a cluster refuses public policies",
		Long:    selftestLong,
		Example: selftestExample,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			of, err := parseProviders(providers)
			if err != nil {
				return err
			}
			c, err := newClient(file)
			if err != nil {
				return err
			}
			attempts, err := webhook.SelfTest(cmd.Context(), c, namespace, of)
			if err != nil {
				return err
			}
			return reportSelftest(cmd.OutOrStdout(), attempts)
		},
	}
	cmd.Flags().StringVarP(&namespace, "namespace", "n", "default", "`NAMESPACE` for objects of namespaced kinds; it must be judged")
	cmd.Flags().StringSliceVar(&providers, "provider", providerNames(), "providers whose kinds are tried")
	program.Complete(cmd, "provider", providerNames()...)
	kubeconfig.Flag(cmd, &file)
	return cmd
}

func providerNames() []string {
	return []string{string(source.ACK), string(source.Upbound), string(source.Classic)}
}

func parseProviders(names []string) ([]source.Provider, error) {
	var out []source.Provider
	for _, name := range names {
		if !slices.Contains(providerNames(), name) {
			return nil, fmt.Errorf("--provider %q must be one of %q", name, providerNames())
		}
		out = append(out, source.Provider(name))
	}
	return out, nil
}

// reportSelftest prints one line an attempt. The error says that not all were refused.
func reportSelftest(w io.Writer, attempts []webhook.Attempt) error {
	if len(attempts) == 0 {
		fmt.Fprintln(w, "no kind that can hold a policy is installed: there is nothing to refuse")
		return nil
	}
	count := map[webhook.Outcome]int{}
	for _, a := range attempts {
		count[a.Outcome]++
		line := fmt.Sprintf("%-8s %s %s", a.Outcome, a.Kind.GroupVersion(), a.Kind.Kind)
		if a.Answer != "" {
			line += ": " + a.Answer
		}
		fmt.Fprintln(w, plain.Line(line))
	}
	switch {
	case count[webhook.LetIn] > 0:
		return program.ExitError{Code: program.ExitNo, Err: fmt.Errorf("%d of %d public policies were admitted", count[webhook.LetIn], len(attempts))}
	case count[webhook.Untried] > 0:
		return fmt.Errorf("%d of %d public policies could not be tried", count[webhook.Untried], len(attempts))
	}
	fmt.Fprintf(w, "all %d public policies were refused\n", len(attempts))
	return nil
}
