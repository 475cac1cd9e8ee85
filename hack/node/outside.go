//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// outside starts the node and cleans up after it. Its exit code is that of what ran inside.
func outside(ctx context.Context, o options) (code int, err error) {
	if err := missing(o); err != nil {
		return 2, err
	}
	folder, err := os.MkdirTemp("", "bucketwarden-node-")
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	if err := os.RemoveAll(o.logs); err != nil {
		return 1, err
	}
	if err := os.MkdirAll(o.logs, 0o750); err != nil {
		return 1, err
	}
	groups, err := enterGroups(fmt.Sprintf("bucketwarden-node-%d", os.Getpid()))
	defer func() { err = errors.Join(err, groups.remove()) }()
	if err != nil {
		return 1, err
	}

	// The signal that a parent's end sends is sent when its thread ends.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cmd := exec.CommandContext(ctx, "/proc/self/exe")
	cmd.Args = append([]string{stageInit}, append(os.Args[1:], "-folder", folder)...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWPID | syscall.CLONE_NEWNET | syscall.CLONE_NEWUTS |
			syscall.CLONE_NEWIPC | syscall.CLONE_NEWCGROUP,
		Pdeathsig: syscall.SIGKILL,
		Setpgid:   true, // an interrupt is for us: the node's end is ours to order
	}
	if err := cmd.Start(); err != nil {
		return 1, fmt.Errorf("a process with namespaces of its own: %w", err)
	}
	if err := groups.leave(); err != nil {
		return 1, errors.Join(err, cmd.Process.Kill(), cmd.Wait())
	}
	err = cmd.Wait()
	if ctx.Err() != nil {
		return 1, fmt.Errorf("not finished: %w", context.Cause(ctx))
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode(), nil
	}
	return 0, err
}

// initialize is process 1 of the node: it starts the next stage, reaps whoever is orphaned, and ends with that stage. The
// kernel then ends everything else in the namespace.
func initialize(args []string) (int, error) {
	if err := mountProc(); err != nil {
		return 1, err
	}
	//nolint:gosec // it is this program, with the arguments that its caller gave
	next, err := os.StartProcess("/proc/self/exe", append([]string{stageInside}, args...), &os.ProcAttr{
		Env: os.Environ(), Files: []*os.File{nil, os.Stdout, os.Stderr},
	})
	if err != nil {
		return 1, err
	}
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, 0, nil)
		switch {
		case errors.Is(err, syscall.EINTR):
		case err != nil:
			return 1, err
		case pid == next.Pid && status.Exited():
			return status.ExitStatus(), nil
		case pid == next.Pid:
			return 1, fmt.Errorf("the node ended by signal %d", status.Signal())
		}
	}
}

// eventually calls a function until it returns nil, and returns its last error if that takes more patience than there is.
func eventually(ctx context.Context, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		err := do(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("not within %s: %w", patience, err)
		case <-time.After(500 * time.Millisecond):
		}
	}
}
