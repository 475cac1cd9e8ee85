package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write what the scripts' cmp commands get into testdata/script")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"bucketwarden": main})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: *update,
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

func TestExitErrorKeepsItsCause(t *testing.T) {
	err := fmt.Errorf("while reviewing: %w", exitError{exitNo, io.ErrUnexpectedEOF})
	exit := exitError{}
	if !errors.As(err, &exit) || exit.code != 1 || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %+v", exit)
	}
	if text := (exitError{code: exitNo}).Error(); text != "" {
		t.Errorf("without a cause it says %q", text)
	}
}
