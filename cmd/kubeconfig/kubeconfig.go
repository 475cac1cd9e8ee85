// Package kubeconfig finds the cluster that a command talks to.
package kubeconfig

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// Flag adds --kubeconfig.
func Flag(cmd *cobra.Command, file *string) {
	cmd.Flags().StringVar(file, "kubeconfig", "", "`FILE` (default: the pod's own, else $KUBECONFIG, else ~/.kube/config)")
}

// Load reads how to reach a cluster; "" is for the file, or the context in it, that kubectl would take. A pod that has no
// $KUBECONFIG means its own cluster. The error names the flag.
func Load(file, context string) (*rest.Config, error) {
	rules := &clientcmd.ClientConfigLoadingRules{ExplicitPath: file}
	if file == "" {
		if os.Getenv(clientcmd.RecommendedConfigPathEnvVar) == "" {
			if config, err := rest.InClusterConfig(); err == nil {
				return unlimited(config), nil
			}
		}
		rules = clientcmd.NewDefaultClientConfigLoadingRules()
	}
	config, err := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(
		rules, &clientcmd.ConfigOverrides{CurrentContext: context},
	).ClientConfig()
	if clientcmd.IsEmptyConfig(err) {
		return nil, errors.New("--kubeconfig: no cluster is configured; set KUBECONFIG or name a file")
	}
	if err != nil {
		return nil, fmt.Errorf("--kubeconfig: %w", err)
	}
	return unlimited(config), nil
}

// unlimited leaves it to the API server to slow clients down.
func unlimited(config *rest.Config) *rest.Config {
	config.QPS = -1
	return config
}
