package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"sigs.k8s.io/yaml"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/report"
	"github.com/bucketwarden/bucketwarden/cmd/program"
)

// runKRM is a KRM function. As the specification asks, it fails when one of its results is an error.
func runKRM(cmd *cobra.Command, flags fixFlags) error {
	if err := files.DeclareFrom(flags.rulesets); err != nil {
		return err
	}
	file, err := manifest.Open(manifest.Stdin, cmd.InOrStdin())
	if err != nil {
		return err
	}
	var list struct {
		Kind string `json:"kind"`
	}
	if err := yaml.Unmarshal([]byte(file.Text), &list); err != nil || list.Kind != "ResourceList" {
		return errors.New("--krm: standard input must be one ResourceList of config.kubernetes.io/v1")
	}
	in, all, err := flags.judge(cmd.Context(), func() (*files.Inputs, error) {
		in := files.Of(file)
		return in, in.ConfigureFrom(flags.rulesets)
	})
	if err != nil {
		return err
	}
	fixed := in.Fix(all)
	if err := in.Finish(cmd.ErrOrStderr()); err != nil {
		return err
	}
	results := report.KRM(all)
	text, err := manifest.SetMember(fixed[0].Text, "results", results)
	if err != nil {
		return fmt.Errorf("--krm: %w", err)
	}
	if _, err := io.WriteString(cmd.OutOrStdout(), text); err != nil {
		return err
	}
	for _, r := range results {
		if r.Severity == "error" {
			return program.ExitError{Code: program.ExitNo}
		}
	}
	return nil
}
