//go:build e2e

package e2e

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
)

// TestDemo plays the demo, with the real binary; it fails itself when a sample comes out otherwise than it says.
func TestDemo(t *testing.T) {
	demo := newDemo(t)
	out, err := demo.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{
		"denied the request: BW702 allow-not-principal: ",
		"\n-                    \"s3:PutObjectAcl\",\n",
		"samples came out as they say",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("the demo does not show %q:\n%s", want, out)
		}
	}
	demo.leavesNothing(t)
}

// Ctrl-C in the middle of the demo, and a reader that goes away.
func TestDemoInterrupted(t *testing.T) {
	tests := []struct {
		name      string
		interrupt func(demo, io.Closer) error
	}{
		{"signal", func(d demo, _ io.Closer) error { return d.Process.Signal(os.Interrupt) }},
		{"closed pipe", func(_ demo, out io.Closer) error { return out.Close() }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			demo := newDemo(t)
			out, err := demo.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := demo.Start(); err != nil {
				t.Fatal(err)
			}
			lines := bufio.NewScanner(out)
			for lines.Scan() && !strings.HasPrefix(lines.Text(), "$ kubectl apply") {
			}
			if err := errors.Join(lines.Err(), tt.interrupt(demo, out)); err != nil {
				t.Error(err)
			}
			_, _ = io.Copy(io.Discard, out) // ends when the demo does, or fails as it is closed
			var exit *exec.ExitError
			if err := demo.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 130 {
				t.Errorf("the demo ended with %v", err)
			}
			demo.leavesNothing(t)
		})
	}
}

type demo struct {
	*exec.Cmd
	tmp string // all that it writes
}

// binaries builds the demo, the server and the command line once, into a directory that TestMain removes.
var binaries = sync.OnceValues(func() (string, error) {
	for _, build := range []func(root, dir string) (string, error){cluster.Build, cluster.BuildCommand} {
		if _, err := build(root, suite.bin); err != nil {
			return "", err
		}
	}
	build := exec.Command("go", "build", "-o", suite.bin, "./hack/demo")
	build.Dir = root
	out, err := build.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return suite.bin, nil
})

// newDemo is ready to start in the root of the repository.
func newDemo(t *testing.T) demo {
	t.Helper()
	bin, err := binaries()
	if err != nil {
		t.Fatal(err)
	}
	tmp := t.TempDir()
	cmd := exec.Command(filepath.Join(bin, "demo"), filepath.Join(bin, "bucketwarden-webhook"))
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "TMPDIR="+tmp)
	return demo{cmd, tmp}
}

// leavesNothing looks for files and for processes that have one of its files on their command line, as all have.
func (d demo) leavesNothing(t *testing.T) {
	t.Helper()
	if left, err := os.ReadDir(d.tmp); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	processes, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range processes {
		if line, err := os.ReadFile(p); err == nil && bytes.Contains(line, []byte(d.tmp)) {
			t.Errorf("still running: %s", bytes.ReplaceAll(line, []byte{0}, []byte{' '}))
		}
	}
}
