package main

import (
	"github.com/spf13/cobra"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/cluster"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/report"
	"github.com/bucketwarden/bucketwarden/cmd/kubeconfig"
	"github.com/bucketwarden/bucketwarden/cmd/program"
)

const driftLong = `List the objects of a cluster that the webhook would patch if they were created now, as they are or as they were applied.

An object that is older than the webhook keeps its policy: an update that does not change the policy is never patched.
An object that was patched at admission may still be declared without the patch. If kubectl apply, or Argo CD without
server-side apply, noted on the object what was applied, that is judged too ("last applied"). Server-side apply leaves no such
note; use "bucketwarden fix --check" on the files instead.

MANAGED BY says where to repair it: the composite resource behind an object, the Argo CD application, Flux Kustomization or
HelmRelease, or the Helm release. All objects of all namespaces are read, because they inform each other, and the cluster's
own Rulesets and Exemptions apply; --namespace limits which objects are listed. Nothing is written.

The exit code is 1 when something is listed, and 2 when something could not be read.`

const driftExample = `  bucketwarden drift

  # one team's objects, as JSON
  bucketwarden drift -n team-a -o json

  # another cluster of the kubeconfig, and one rule
  bucketwarden drift --context production --only BW301`

// driftFlags say what drift reads, and how it judges.
type driftFlags struct {
	judgeFlags
	kubeconfig, context, namespace, output string
}

func newDrift() *cobra.Command {
	var flags driftFlags
	cmd := &cobra.Command{
		Use:     "drift",
		Short:   "List the objects of a cluster that still need a patch",
		Long:    driftLong,
		Example: driftExample,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := program.CheckOutput(flags.output); err != nil {
				return err
			}
			return runDrift(cmd, flags)
		},
	}
	flags.registerRules(cmd)
	kubeconfig.Flag(cmd, &flags.kubeconfig)
	program.OutputFlag(cmd, &flags.output)
	cmd.Flags().StringVar(&flags.context, "context", "", "`NAME` of the kubeconfig's context (default: its current one)")
	cmd.Flags().StringVarP(&flags.namespace, "namespace", "n", "", "list only objects of this `NAMESPACE` (default: all, and cluster-scoped ones)")
	return cmd
}

func runDrift(cmd *cobra.Command, flags driftFlags) error {
	reviewer, err := flags.reviewer()
	if err != nil {
		return err
	}
	config, err := kubeconfig.Load(flags.kubeconfig, flags.context)
	if err != nil {
		return err
	}
	c, err := cluster.New(config)
	if err != nil {
		return err
	}
	s, err := files.ReadStanding(cmd.Context(), cmd.ErrOrStderr(), c)
	if err != nil {
		return err
	}
	found := s.Drifted(cmd.Context(), reviewer, flags.namespace)
	if flags.output == "json" {
		err = report.WriteDriftJSON(cmd.OutOrStdout(), found)
	} else {
		err = report.WriteDrift(cmd.OutOrStdout(), found)
	}
	if err != nil {
		return err
	}
	if err := s.Finish(cmd.ErrOrStderr()); err != nil {
		return err
	}
	if len(found.Items) > 0 {
		return program.ExitError{Code: program.ExitNo}
	}
	return nil
}
