package program

import (
	"fmt"
	"os"

	"github.com/go-json-experiment/json"
	"github.com/spf13/cobra"
	"sigs.k8s.io/yaml"

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
	raw, err := yaml.YAMLToJSONStrict(text)
	if err != nil {
		return nil, fmt.Errorf("--trust %s: %w", name, err)
	}
	var trust public.Trust
	if err := json.Unmarshal(raw, &trust, json.RejectUnknownMembers(true)); err != nil {
		return nil, fmt.Errorf("--trust %s: %w", name, DescribeJSON(raw, err))
	}
	if err := trust.Validate(); err != nil {
		return nil, fmt.Errorf("--trust %s: %w", name, err)
	}
	return &trust, nil
}
