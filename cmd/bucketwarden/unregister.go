package main

import (
	"fmt"

	"github.com/spf13/cobra"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/webhook"
)

const unregisterLong = `Remove the webhook configurations, so that the API server asks nobody before it writes.

The Helm chart does this before it uninstalls anything else. By hand it is the way out when the webhook is in the way:
from then on nothing is judged, until helm upgrade or kubectl apply puts the configurations back.`

const unregisterExample = `  bucketwarden unregister

  # of a release of another name
  bucketwarden unregister --webhook-configuration gate-bucketwarden --kubeconfig kubeconfig.yaml`

func newUnregister() *cobra.Command {
	var name, kubeconfig string
	cmd := &cobra.Command{
		Use:     "unregister",
		Short:   "Remove the webhook configurations",
		Long:    unregisterLong,
		Example: unregisterExample,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := newClient(kubeconfig, "")
			if err != nil {
				return err
			}
			if err := webhook.Unregister(cmd.Context(), c, name); err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "the webhook configurations %s are gone: nothing is judged\n", name)
			return err
		},
	}
	cmd.Flags().StringVar(&name, "webhook-configuration", "bucketwarden", "`NAME` of both webhook configurations")
	registerKubeconfig(cmd, &kubeconfig)
	return cmd
}

func registerKubeconfig(cmd *cobra.Command, file *string) {
	cmd.Flags().StringVar(file, "kubeconfig", "", "`FILE` (default: the pod's own, else $KUBECONFIG, else ~/.kube/config)")
}

// newClient returns a client of the cluster of a context, "" for the current one. The error names the flag.
func newClient(kubeconfig, context string) (client.Client, error) {
	config, err := restConfig(kubeconfig, context)
	if err != nil {
		return nil, fmt.Errorf("--kubeconfig: %w", err)
	}
	return client.New(config, client.Options{})
}
