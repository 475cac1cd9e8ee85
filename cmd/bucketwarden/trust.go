package main

import (
	"fmt"
	"os"

	"github.com/go-json-experiment/json"
	"github.com/spf13/cobra"
	"sigs.k8s.io/yaml"

	"github.com/bucketwarden/bucketwarden/policy/public"
)

func registerTrust(cmd *cobra.Command, file *string) {
	cmd.Flags().StringVar(file, "trust", "", "YAML `FILE` with accounts, organizations, orgPaths, networks, services that are trusted")
}

// readTrust reads a file of --trust; nil without one.
func readTrust(name string) (*public.Trust, error) {
	if name == "" {
		return nil, nil
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("--trust %s: %w", name, cause(err))
	}
	raw, err := yaml.YAMLToJSONStrict(text)
	if err != nil {
		return nil, fmt.Errorf("--trust %s: %w", name, err)
	}
	var trust public.Trust
	if err := json.Unmarshal(raw, &trust, json.RejectUnknownMembers(true)); err != nil {
		return nil, fmt.Errorf("--trust %s: %w", name, describe(err))
	}
	if err := trust.Validate(); err != nil {
		return nil, fmt.Errorf("--trust %s: %w", name, err)
	}
	return &trust, nil
}
