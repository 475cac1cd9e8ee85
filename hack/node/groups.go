//go:build linux

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

const cgroups = "/sys/fs/cgroup"

// A group is a cgroup of the node and the one that this program came from, each in the same hierarchy.
type group struct{ ours, from string }

type groups []group

// enterGroups moves this process into a new cgroup in each hierarchy of the machine: a child that is started with a cgroup
// namespace then sees these as the roots. They lie below those of the caller, so that what bounds the caller bounds the
// node; only with cgroup v2, where a group with processes can hand no controller down, they lie below the root.
func enterGroups(name string) (groups, error) {
	lines, err := hierarchies()
	if err != nil {
		return nil, err
	}
	var out groups
	for _, h := range lines {
		g := group{ours: filepath.Join(h.root, h.path, name), from: filepath.Join(h.root, h.path)}
		if h.controllers == "" && len(lines) == 1 {
			g.ours = filepath.Join(h.root, name)
		}
		if err := os.Mkdir(g.ours, 0o750); err != nil {
			return out, err
		}
		out = append(out, g)
		if strings.Contains(h.controllers, "cpuset") {
			if err := copySets(g); err != nil {
				return out, err
			}
		}
		if err := join(g.ours); err != nil {
			return out, err
		}
	}
	return out, nil
}

// copySets gives a cpuset's new group CPUs and memory, without which no process can join it, nor its children.
func copySets(g group) error {
	for _, file := range []string{"cpuset.cpus", "cpuset.mems"} {
		text, err := os.ReadFile(filepath.Join(g.from, file))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(g.ours, file), text, 0o644); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(g.ours, "cgroup.clone_children"), []byte("1"), 0o644)
}

func join(dir string) error {
	return os.WriteFile(filepath.Join(dir, "cgroup.procs"), []byte(strconv.Itoa(os.Getpid())), 0o644)
}

func (g groups) leave() error {
	var errs []error
	for _, each := range g {
		errs = append(errs, join(each.from))
	}
	return errors.Join(errs...)
}

// remove removes the groups with all that are below them. The kernel takes a moment to see that they are empty.
func (g groups) remove() error {
	err := g.leave()
	for _, each := range g {
		var last error
		for range 100 {
			if last = removeGroup(each.ours); last == nil {
				break
			}
			time.Sleep(100 * time.Millisecond)
		}
		err = errors.Join(err, last)
	}
	return err
}

func removeGroup(dir string) error {
	var dirs []string
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			dirs = append(dirs, path)
		}
		return err
	})
	for _, path := range slices.Backward(dirs) {
		err = errors.Join(err, unix.Rmdir(path))
	}
	return err
}

// A hierarchy is a line of /proc/self/cgroup.
type hierarchy struct{ controllers, root, path string }

func hierarchies() ([]hierarchy, error) {
	text, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return nil, err
	}
	var out []hierarchy
	for line := range strings.Lines(string(text)) {
		fields := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(fields) != 3 {
			return nil, fmt.Errorf("/proc/self/cgroup: %q has no three fields", line)
		}
		h := hierarchy{controllers: fields[1], path: fields[2]}
		h.root = filepath.Join(cgroups, strings.TrimPrefix(h.controllers, "name="))
		if h.controllers == "" {
			if _, err := os.Stat(filepath.Join(cgroups, "unified")); err == nil {
				h.root = filepath.Join(cgroups, "unified")
			}
		}
		out = append(out, h)
	}
	return out, nil
}

// mountGroups mounts the hierarchies afresh inside of the node, whose own groups are their roots.
func mountGroups() error {
	lines, err := hierarchies()
	if err != nil {
		return err
	}
	if len(lines) == 1 {
		return mountUnified()
	}
	if err := unix.Mount("cgroup", cgroups, "tmpfs", 0, "mode=755"); err != nil {
		return fmt.Errorf("%s: %w", cgroups, err)
	}
	for _, h := range lines {
		if h.controllers == "" {
			continue
		}
		dir := filepath.Join(cgroups, strings.TrimPrefix(h.controllers, "name="))
		options := h.controllers
		if strings.HasPrefix(options, "name=") {
			options = "none," + options
		}
		if err := errors.Join(os.Mkdir(dir, 0o750), unix.Mount("cgroup", dir, "cgroup", 0, options)); err != nil {
			return fmt.Errorf("%s: %w", dir, err)
		}
	}
	return nil
}

// mountUnified does so with cgroup v2: the node's processes move into a leaf, so that the root can hand its controllers down.
func mountUnified() error {
	if err := unix.Mount("cgroup2", cgroups, "cgroup2", 0, ""); err != nil {
		return fmt.Errorf("%s: %w", cgroups, err)
	}
	leaf := filepath.Join(cgroups, "init")
	if err := os.Mkdir(leaf, 0o750); err != nil {
		return err
	}
	procs, err := os.ReadFile(filepath.Join(cgroups, "cgroup.procs"))
	if err != nil {
		return err
	}
	for pid := range strings.FieldsSeq(string(procs)) {
		if err := os.WriteFile(filepath.Join(leaf, "cgroup.procs"), []byte(pid), 0o644); err != nil {
			return fmt.Errorf("process %s: %w", pid, err)
		}
	}
	controllers, err := os.ReadFile(filepath.Join(cgroups, "cgroup.controllers"))
	if err != nil {
		return err
	}
	for c := range strings.FieldsSeq(string(controllers)) {
		if err := os.WriteFile(filepath.Join(cgroups, "cgroup.subtree_control"), []byte("+"+c), 0o644); err != nil {
			return fmt.Errorf("controller %s: %w", c, err)
		}
	}
	return nil
}
