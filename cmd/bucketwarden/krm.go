package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"sigs.k8s.io/yaml"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// krmResult is one entry of a ResourceList's results.
//
// https://github.com/kubernetes-sigs/kustomize/blob/master/cmd/config/docs/api-conventions/functions-spec.md
type krmResult struct {
	Message     string            `json:"message"`
	Severity    string            `json:"severity"` // error, warning, info
	ResourceRef krmReference      `json:"resourceRef"`
	Field       krmField          `json:"field"`
	Tags        map[string]string `json:"tags"`
}

type krmReference struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Namespace  string `json:"namespace,omitempty"`
	Name       string `json:"name"`
}

type krmField struct {
	Path string `json:"path"`
}

// runKRM is a KRM function. As the specification asks, it fails when one of its results is an error.
func runKRM(cmd *cobra.Command, flags fixFlags) error {
	file, err := manifest.Open(manifest.Stdin, cmd.InOrStdin())
	if err != nil {
		return err
	}
	var list struct {
		Kind string `json:"kind"`
	}
	if err := yaml.Unmarshal([]byte(file.Text), &list); err != nil || list.Kind != "ResourceList" {
		return errors.New("--krm: standard input is not one ResourceList of config.kubernetes.io/v1")
	}
	in, all, err := flags.judge(cmd.Context(), func() *inputs {
		in := newInputs(file)
		in.fill()
		return in
	})
	if err != nil {
		return err
	}
	files := in.fix(all)
	if err := in.finish(cmd.ErrOrStderr()); err != nil {
		return err
	}
	results := krmResults(all)
	text, err := manifest.SetMember(files[0].text, "results", results)
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

func krmResults(all []judged) []krmResult {
	out := []krmResult{}
	for _, j := range all {
		for _, f := range j.Findings {
			if f.Action == policy.Audit {
				continue
			}
			out = append(out, krmResult{
				Message: krmMessage(f), Severity: krmSeverity(f.Action), ResourceRef: krmReference(*objectOf(j)),
				Field: krmField{f.Field}, Tags: map[string]string{"rule": f.Rule.ID},
			})
		}
	}
	return out
}

func krmMessage(f review.Finding) string {
	if f.Action == policy.Patch {
		return "fixed: " + f.Text()
	}
	return strings.TrimSpace(f.Text())
}

func krmSeverity(a policy.Action) string {
	switch a {
	case policy.Deny:
		return "error"
	case policy.Warn:
		return "warning"
	}
	return "info"
}
