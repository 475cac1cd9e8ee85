package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// TestExamples runs every line of every --help's examples in a copy of testdata/examples. What stands before a pipe is
// somebody else's program: chart.yaml stands for what it prints.
func TestExamples(t *testing.T) {
	stdin, err := os.ReadFile("testdata/examples/chart.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, cmd := range runnable(newRoot()) {
		if cmd.Example == "" {
			t.Errorf("%s has no example", cmd.CommandPath())
		}
		for line := range strings.Lines(cmd.Example) {
			line = strings.TrimSpace(line)
			if line == "" || strings.HasPrefix(line, "#") {
				continue
			}
			t.Run(line, func(t *testing.T) {
				dir := t.TempDir()
				if err := os.CopyFS(dir, os.DirFS("testdata/examples")); err != nil {
					t.Fatal(err)
				}
				t.Chdir(dir)
				runExample(t, cmd, line, stdin)
			})
		}
	}
}

// runnable returns the commands that do something: groups of others have no example of their own.
func runnable(cmd *cobra.Command) []*cobra.Command {
	var out []*cobra.Command
	for _, c := range cmd.Commands() {
		if c.Runnable() {
			out = append(out, c)
		}
		out = append(out, runnable(c)...)
	}
	return out
}

func runExample(t *testing.T, cmd *cobra.Command, line string, stdin []byte) {
	t.Helper()
	t.Setenv("HOME", ".") // no kubeconfig there
	t.Setenv("KUBECONFIG", "")
	line = strings.NewReplacer(" /certs", " certs", " /config/", " ").Replace(line)
	if _, after, ok := strings.Cut(line, "| "); ok {
		line = after
	}
	line, from, redirected := strings.Cut(line, " < ")
	if redirected {
		var err error
		if stdin, err = os.ReadFile(filepath.Clean(from)); err != nil {
			t.Fatal(err)
		}
	}
	fields := strings.Fields(line)
	if !strings.HasPrefix(line+" ", cmd.CommandPath()+" ") {
		t.Fatalf("not an example of %s", cmd.CommandPath())
	}
	var out, complaint bytes.Buffer
	code := run(fields[1:], bytes.NewReader(stdin), &out, &complaint)
	if cmd.Flags().Lookup("kubeconfig") != nil { // there is no cluster here; the end-to-end tests have one
		if want := "bucketwarden: --kubeconfig: "; !strings.HasPrefix(complaint.String(), want) {
			t.Errorf("got %q, want %q", complaint.String(), want)
		}
		return
	}
	if code == exitUnable || complaint.Len() > 0 {
		t.Errorf("exit code %d: %s", code, complaint.String())
	}
	if code == exitNo != strings.Contains(line, "--check") {
		t.Errorf("exit code %d", code)
	}
	if out.Len() == 0 {
		t.Error("prints nothing")
	}
}
