package main

import (
	"bufio"
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/bucketwarden/bucketwarden/policy/authz"
)

//go:embed iamsimulate
var iamsimulate embed.FS

// install makes dir a folder in which the driver of iam-simulate runs: the driver, and its packages by npm.
// What is there already, and the same, stays.
func install(ctx context.Context, dir string) error {
	const done = "node_modules/.package-lock.json" // npm writes it last
	fresh := true
	for _, name := range []string{"package.json", "package-lock.json", "driver.mjs"} {
		want, err := iamsimulate.ReadFile("iamsimulate/" + name)
		if err != nil {
			return err
		}
		path := filepath.Join(dir, name)
		if have, err := os.ReadFile(path); err == nil && bytes.Equal(have, want) {
			continue
		}
		if name != "driver.mjs" {
			fresh = false
			if err := os.RemoveAll(filepath.Join(dir, done)); err != nil {
				return err
			}
		}
		if err := errors.Join(os.MkdirAll(dir, 0o750), os.WriteFile(path, want, 0o644)); err != nil {
			return err
		}
	}
	if _, err := os.Stat(filepath.Join(dir, done)); err == nil && fresh {
		return nil
	}
	npm := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	npm.Dir, npm.Stdout, npm.Stderr = dir, os.Stderr, os.Stderr
	if err := npm.Run(); err != nil {
		return fmt.Errorf("npm ci in %s: %w; iam-simulate needs Node.js 20 and npm", dir, err)
	}
	return nil
}

// simulator is iam-simulate in a process of its own: a line in, a line out.
type simulator struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func startSimulator(ctx context.Context, dir string) (*simulator, error) {
	cmd := exec.CommandContext(ctx, "node", "driver.mjs")
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	return &simulator{cmd, in, bufio.NewReader(out)}, cmd.Start()
}

// close lets the process end by itself; when it has ended already, answers has said why.
func (s *simulator) close() {
	_ = s.in.Close()
	_ = s.cmd.Wait()
}

func (*simulator) name() string { return "iam-simulate" }

func (*simulator) view(p pair) pair { return p }

func (s *simulator) answers(pairs []pair) ([]answer, error) {
	sent := make(chan error, 1)
	go func() {
		w := bufio.NewWriter(s.in)
		for _, p := range pairs {
			p.request.Context = p.context()
			fmt.Fprintln(w, p) // Flush returns the first error
		}
		sent <- w.Flush()
	}()
	out := make([]answer, len(pairs))
	for i := range out {
		line, err := s.out.ReadBytes('\n')
		if err != nil {
			return nil, fmt.Errorf("iam-simulate ended: %w", errors.Join(err, s.cmd.Process.Kill(), <-sent))
		}
		var a struct {
			Result authz.Decision
			Error  string
		}
		if err := json.Unmarshal(line, &a); err != nil {
			return nil, fmt.Errorf("iam-simulate answered %q: %w", line, err)
		}
		out[i] = answer{a.Result, a.Error}
	}
	return out, <-sent
}
