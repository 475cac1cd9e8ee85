package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// tags are those of the image's build and of the end-to-end tests, whose dependencies count too.
const tags = "e2e,grpcnotrace"

// module is a module that is compiled, and which of its directories are.
type module struct {
	Path, Version, Dir string
	linked             bool     // by code of ours, if only a test's; if not, it is in programs that we run as they are
	dirs               []string // of its packages, absolute
}

// listed is what go list says about a package.
type listed struct {
	Dir    string
	Module *struct {
		Path, Version, Dir string
		Main               bool
		Replace            *struct{ Path, Version string }
	}
}

// modules are the modules that are in use, by path and version: two go.mod files may pin two versions.
type modules map[string]*module

// add takes in all that the patterns need when go list runs in dir. Our own modules are left out.
func (m modules) add(dir string, linked bool, env []string, patterns ...string) error {
	args := append([]string{"list", "-deps", "-tags", tags, "-json=Dir,Module"}, patterns...)
	cmd := exec.Command("go", args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("go list in %s: %w\n%s", dir, err, stderr.Bytes())
	}
	for dec := json.NewDecoder(&stdout); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("go list in %s: %w", dir, err)
		}
		if p.Module == nil || p.Module.Main || p.Module.Replace != nil && p.Module.Replace.Version == "" {
			continue // the standard library, or ours
		}
		key := p.Module.Path + "@" + p.Module.Version
		if m[key] == nil {
			m[key] = &module{Path: p.Module.Path, Version: p.Module.Version, Dir: p.Module.Dir}
		}
		m[key].linked = m[key].linked || linked
		m[key].dirs = append(m[key].dirs, p.Dir)
	}
}

// sorted returns the modules in the order of their paths.
func (m modules) sorted() []*module {
	return slices.SortedFunc(func(yield func(*module) bool) {
		for _, mod := range m {
			if !yield(mod) {
				return
			}
		}
	}, func(a, b *module) int { return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Version, b.Version)) })
}

// everything is what all go.mod files below root put to use, for our packages, their tests and the tools.
func everything(root string) (modules, error) {
	all := modules{}
	dirs, err := goModDirs(root)
	if err != nil {
		return nil, err
	}
	for _, dir := range dirs {
		if err := errors.Join(all.add(dir, true, nil, "-test", "./..."), all.add(dir, false, nil, "tool")); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// shipped is what the binaries link, on each platform that the image is for. Go's own library, std, counts as a module.
func shipped(root string) (modules, error) {
	out, err := exec.Command("go", "env", "GOVERSION", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("go env: %w", err)
	}
	version, goroot, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	all := modules{"std": {Path: "std", Version: version, Dir: goroot, linked: true}}
	for _, arch := range []string{"amd64", "arm64"} {
		env := []string{"CGO_ENABLED=0", "GOOS=linux", "GOARCH=" + arch}
		if err := all.add(root, true, env, "./cmd/bucketwarden", "./cmd/webhook"); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// goModDirs are the directories below root that have a go.mod. What git ignores is not ours.
func goModDirs(root string) ([]string, error) {
	cmd := exec.Command("git", "ls-files", "--cached", "--others", "--exclude-standard", "*go.mod")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("git ls-files in %s: %w", root, err)
	}
	var dirs []string
	for name := range bytes.Lines(out) {
		dirs = append(dirs, filepath.Join(root, filepath.Dir(string(bytes.TrimSpace(name)))))
	}
	return dirs, nil
}
