// Package programtest tests a program by scripts and by the examples of its --help.
package programtest

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/cobra"

	"github.com/bucketwarden/bucketwarden/cmd/program"
)

// Run is a program: it returns its exit code.
type Run func(args []string, stdin io.Reader, stdout, stderr io.Writer) int

// Scripts runs testdata/script, or writes there what the cmp commands get.
func Scripts(t *testing.T, update bool) {
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: update,
		Cmds:          map[string]func(*testscript.TestScript, bool, []string){"exits": exits},
	})
}

// exits is a command of the scripts: "exits 2 bucketwarden review nowhere" runs the rest and wants that exit code.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	got := "0"
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = strconv.Itoa(exit.ExitCode())
	}
	if got != args[0] {
		ts.Fatalf("exit code %s, want %s", got, args[0])
	}
}

// Examples runs every line of every --help's examples in a copy of testdata/examples. What stands before a pipe is
// somebody else's program, and stdin is what it prints.
func Examples(t *testing.T, run Run, root *cobra.Command, stdin []byte) {
	for _, cmd := range runnable(root) {
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
				runExample(t, run, cmd, line, stdin)
			})
		}
	}
}

// runnable returns the commands that do something: groups of others have no example of their own, and hidden ones no help.
func runnable(cmd *cobra.Command) []*cobra.Command {
	var out []*cobra.Command
	for _, c := range cmd.Commands() {
		if c.Runnable() && !c.Hidden {
			out = append(out, c)
		}
		out = append(out, runnable(c)...)
	}
	return out
}

func runExample(t *testing.T, run Run, cmd *cobra.Command, line string, stdin []byte) {
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
		if want := cmd.Root().Name() + ": --kubeconfig: "; !strings.HasPrefix(complaint.String(), want) {
			t.Errorf("got %q, want %q", complaint.String(), want)
		}
		return
	}
	if code == program.ExitUnable || Complains(complaint.String()) {
		t.Errorf("exit code %d: %s", code, complaint.String())
	}
	if code == program.ExitNo != strings.Contains(line, "--check") {
		t.Errorf("exit code %d", code)
	}
	if out.Len() == 0 {
		t.Error("prints nothing")
	}
}

// Complains reports whether standard error has more than notes.
func Complains(stderr string) bool {
	for line := range strings.Lines(stderr) {
		if !strings.HasPrefix(line, "note: ") {
			return true
		}
	}
	return false
}

// Terminal returns something that the system takes for a terminal.
func Terminal(t *testing.T) *os.File {
	t.Helper()
	f, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("this machine has no pseudo-terminals: %v", err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}
