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

const selftestLong = `Try to create public policies in a cluster, and expect that the webhook refuses them.

For each kind that can carry a policy and that the cluster serves, the API server is asked to create, as a dry run, an
object that lets everybody read. Nothing is created. helm test runs this.

The exit code is 1 when something was let in, and 2 when something else was in the way, as a missing permission is.`

const selftestExample = `  bucketwarden-webhook selftest

  # where only Upbound's kinds are judged, in a namespace that is
  bucketwarden-webhook selftest --provider upbound --namespace team-a`

func newSelftest() *cobra.Command {
	var namespace, file string
	var providers []string
	cmd := &cobra.Command{
		Use:     "selftest",
		Short:   "Try public policies on a cluster and expect refusals",
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
	cmd.Flags().StringVarP(&namespace, "namespace", "n", "default", "`NAMESPACE`, one that is judged, for objects of namespaced kinds")
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
			return nil, fmt.Errorf("--provider %q is none of %q", name, providerNames())
		}
		out = append(out, source.Provider(name))
	}
	return out, nil
}

// reportSelftest prints one line an attempt. The error says that not all were refused.
func reportSelftest(w io.Writer, attempts []webhook.Attempt) error {
	if len(attempts) == 0 {
		fmt.Fprintln(w, "no kind that can carry a policy is installed: there is nothing to refuse")
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
		return program.ExitError{Code: program.ExitNo, Err: fmt.Errorf("%d of %d public policies were let in", count[webhook.LetIn], len(attempts))}
	case count[webhook.Untried] > 0:
		return fmt.Errorf("%d of %d public policies could not be tried", count[webhook.Untried], len(attempts))
	}
	fmt.Fprintf(w, "all %d public policies were refused\n", len(attempts))
	return nil
}
