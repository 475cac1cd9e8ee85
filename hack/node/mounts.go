//go:build linux

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// mountProc makes this mount namespace our own and shows the processes of this PID namespace.
func mountProc() error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("/: %w", err)
	}
	if err := unix.Mount("proc", "/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err != nil {
		return fmt.Errorf("/proc: %w", err)
	}
	return nil
}

// The kubelet sets these of the whole machine. In the node they are files.
var sysctls = []string{
	"vm/overcommit_memory", "vm/panic_on_oom", "kernel/panic", "kernel/panic_on_oops", "kernel/keys/root_maxkeys",
	"kernel/keys/root_maxbytes",
}

// mountDisks gives the node disks of its own: the machine's do not change.
func mountDisks(folder string) error {
	for _, m := range []struct{ kind, target string }{{"tmpfs", "/run"}, {"sysfs", "/sys"}} {
		if err := unix.Mount(m.kind, m.target, m.kind, 0, ""); err != nil {
			return fmt.Errorf("%s: %w", m.target, err)
		}
	}
	// Both exist on every machine, so that no directory has to be made there.
	for _, dir := range []string{"/var/lib", "/var/log"} {
		own := filepath.Join(folder, filepath.Base(dir))
		if err := errors.Join(os.Mkdir(own, 0o750), unix.Mount(own, dir, "", unix.MS_BIND, "")); err != nil {
			return fmt.Errorf("%s: %w", dir, err)
		}
	}
	// Volumes of pods reach their containers through here.
	if err := unix.Mount("", "/var/lib", "", unix.MS_REC|unix.MS_SHARED, ""); err != nil {
		return fmt.Errorf("/var/lib: %w", err)
	}
	for _, name := range sysctls {
		path, copied := filepath.Join("/proc/sys", name), filepath.Join(folder, "sysctl-"+strings.ReplaceAll(name, "/", "-"))
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if err := errors.Join(os.WriteFile(copied, text, 0o644), unix.Mount(copied, path, "", unix.MS_BIND, "")); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}
