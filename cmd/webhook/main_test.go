package main

import (
	"io"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/bucketwarden/bucketwarden/cmd/program/programtest"
	"github.com/bucketwarden/bucketwarden/policy/plain/plaintest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){name: main})
}

func TestScripts(t *testing.T) { programtest.Scripts(t, false) }

func TestExamples(t *testing.T) { programtest.Examples(t, run, newRoot(), nil) }

// TestHostileFlags gives the flags what would command a terminal.
func TestHostileFlags(t *testing.T) {
	for _, args := range [][]string{
		{plaintest.Hostile}, {"--" + plaintest.Hostile}, {"help", plaintest.Hostile}, {"version", plaintest.Hostile},
		{"serve", "--level", plaintest.Hostile}, {"serve", "--config", plaintest.Hostile},
		{"selftest", "--provider", plaintest.Hostile}, {"unregister", "--kubeconfig", plaintest.Hostile},
	} {
		var printed strings.Builder
		if code := run(args, strings.NewReader(""), io.Discard, &printed); code == 0 {
			t.Errorf("%q: exit code 0", args)
		}
		if fault := plaintest.Fault(printed.String()); fault != "" {
			t.Errorf("%q: %q", args, fault)
		}
	}
}
