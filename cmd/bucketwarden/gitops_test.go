package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/cmd/program/programtest"
)

func readYAML(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../..", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// runThere runs a command line in a repository with the folder deploy, as a hook or a workflow does, and reports whether it
// changed the policy there.
func runThere(t *testing.T, fields []string) (code int, changed bool) {
	t.Helper()
	const policy = "deploy/policy.yaml"
	before, err := os.ReadFile("testdata/examples/" + policy)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "deploy"), os.DirFS("testdata/examples/deploy")); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	var complaint bytes.Buffer
	code = run(fields[1:], strings.NewReader(""), io.Discard, &complaint)
	if fields[0] != "bucketwarden" || code == program.ExitUnable || programtest.Complains(complaint.String()) {
		t.Errorf("%q: exit code %d: %s", fields, code, complaint.String())
	}
	after, err := os.ReadFile(policy)
	if err != nil {
		t.Fatal(err)
	}
	return code, !bytes.Equal(before, after)
}

func TestPreCommitHooks(t *testing.T) {
	var hooks []struct {
		ID, Entry     string
		Args          []string
		PassFilenames bool `json:"pass_filenames"`
	}
	readYAML(t, ".pre-commit-hooks.yaml", &hooks)
	want := map[string]bool{"bucketwarden-review": false, "bucketwarden-fix": true} // which of them changes files
	for _, h := range hooks {
		t.Run(h.ID, func(t *testing.T) {
			changes, known := want[h.ID]
			code, changed := runThere(t, append(strings.Fields(h.Entry), h.Args...))
			if !known || code != program.ExitOK || changed != changes || h.PassFilenames {
				t.Errorf("exit code %d, changed files: %t, %+v", code, changed, h)
			}
		})
	}
	if len(hooks) != len(want) {
		t.Errorf("%d hooks, want %d", len(hooks), len(want))
	}
}

func TestWorkflowExample(t *testing.T) {
	var workflow struct {
		Jobs map[string]struct{ Steps []struct{ Run string } }
	}
	readYAML(t, "docs/examples/gitops/workflow.yaml", &workflow)
	var ran []string
	for _, step := range workflow.Jobs["review"].Steps {
		if fields := strings.Fields(step.Run); len(fields) > 0 && fields[0] != "go" {
			t.Run(step.Run, func(t *testing.T) { runThere(t, fields) })
			ran = append(ran, fields[1])
		}
	}
	if !slices.Equal(ran, []string{"review", "fix"}) {
		t.Errorf("the workflow runs %q", ran)
	}
}
