package program

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/bucketwarden/bucketwarden/policy/public"
)

// TrustFlag adds --trust.
func TrustFlag(cmd *cobra.Command, file *string) {
	cmd.Flags().StringVar(file, "trust", "", "YAML `FILE` with trusted accounts, organizations, orgPaths, networks and services")
}

// ReadTrust reads a file of --trust; nil without one.
func ReadTrust(name string) (*public.Trust, error) {
	if name == "" {
		return nil, nil
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("--trust %s: %w", name, Cause(err))
	}
	var trust public.Trust
	if err := ReadYAML(text, &trust); err != nil {
		return nil, fmt.Errorf("--trust %s: %w", name, err)
	}
	if err := trust.Validate(); err != nil {
		return nil, fmt.Errorf("--trust %s: %w", name, err)
	}
	return &trust, nil
}
