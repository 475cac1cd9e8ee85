package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestLinks holds all that the command line links to what the linter refuses it to import: a hook and a browser build it.
func TestLinks(t *testing.T) {
	var config struct {
		Linters struct {
			Settings struct {
				Depguard struct {
					Rules map[string]struct{ Deny []struct{ Pkg, Desc string } }
				}
			}
		}
	}
	readYAML(t, ".golangci.yml", &config)
	refused := config.Linters.Settings.Depguard.Rules["command"].Deny
	if len(refused) < 5 {
		t.Fatalf("%d packages are refused: the table is not read as it should be", len(refused))
	}
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	for path := range strings.FieldsSeq(string(out)) {
		for _, r := range refused {
			if strings.HasPrefix(path+"/", strings.TrimSuffix(r.Pkg, "/")+"/") {
				t.Errorf("links %s: %s", path, r.Desc)
			}
		}
	}
}

// BenchmarkVersion measures the binary, and what it takes to start: nothing is judged.
func BenchmarkVersion(b *testing.B) {
	binary := filepath.Join(b.TempDir(), "bucketwarden")
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-tags", "grpcnotrace", "-ldflags", "-s -w", "-o", binary, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	info, err := os.Stat(binary)
	if err != nil {
		b.Fatal(err)
	}
	var memory, processor float64
	runs := 0.0
	for b.Loop() {
		cmd := exec.CommandContext(b.Context(), binary, "version")
		if err := cmd.Run(); err != nil {
			b.Fatal(err)
		}
		runs++
		processor += (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
		if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
			memory = max(memory, float64(usage.Maxrss)/1e3) // kilobytes on Linux, and no less than what starts it has
		}
	}
	b.ReportMetric(float64(info.Size())/1e6, "MB-binary")
	b.ReportMetric(memory, "MB-resident")
	b.ReportMetric(1000*processor/runs, "ms-cpu/op")
}
