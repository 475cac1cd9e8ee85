package main

import (
	"flag"
	"io"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/bucketwarden/bucketwarden/cmd/program/programtest"
)

var update = flag.Bool("update", false, "write what the scripts' cmp commands get into testdata/script")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"bucketwarden": main, "measure": measure})
}

func TestScripts(t *testing.T) { programtest.Scripts(t, *update) }

func TestExitCodes(t *testing.T) {
	tests := []struct {
		args string
		want int
	}{
		{"--help", 0},
		{"simulate --help", 0},
		{"simulate", 0}, // nothing asked, nothing wrong
		{"simulate --polcy x", 2},
		{"simulate --policy testdata/missing.json", 2},
		{"nosuch", 2},
	}
	for _, tt := range tests {
		if got := run(strings.Fields(tt.args), strings.NewReader(""), io.Discard, io.Discard); got != tt.want {
			t.Errorf("%s: exit code %d, want %d", tt.args, got, tt.want)
		}
	}
}
