package main

import (
	"fmt"

	"github.com/spf13/cobra"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/cmd/kubeconfig"
	"github.com/bucketwarden/bucketwarden/webhook"
)

const unregisterLong = `Remove the webhook configurations, so that the API server no longer asks Bucketwarden.

The Helm chart runs this before it uninstalls anything else. In an emergency, run it by hand: from then on nothing is
reviewed, until helm upgrade or kubectl apply restores the configurations.`

const unregisterExample = `  bucketwarden-webhook unregister

  # of a release of another name
  bucketwarden-webhook unregister --webhook-configuration gate-bucketwarden --kubeconfig kubeconfig.yaml`

func newUnregister() *cobra.Command {
	var configurations, file string
	cmd := &cobra.Command{
		Use:     "unregister",
		Short:   "Remove the webhook configurations",
		Long:    unregisterLong,
		Example: unregisterExample,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := newClient(file)
			if err != nil {
				return err
			}
			if err := webhook.Unregister(cmd.Context(), c, configurations); err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "the webhook configurations %s are gone: nothing is reviewed any more\n", configurations)
			return err
		},
	}
	cmd.Flags().StringVar(&configurations, "webhook-configuration", "bucketwarden", "`NAME` of both webhook configurations")
	kubeconfig.Flag(cmd, &file)
	return cmd
}

// newClient returns a client of the cluster of a kubeconfig, "" for the default one.
func newClient(file string) (client.Client, error) {
	config, err := kubeconfig.Load(file, "")
	if err != nil {
		return nil, err
	}
	return client.New(config, client.Options{})
}
