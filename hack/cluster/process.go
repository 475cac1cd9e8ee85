package cluster

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// Tick is the unit of /proc's times, the same on every Linux that Go runs on.
const Tick = 10 * time.Millisecond

// CPU is what a process has used so far.
func CPU(pid int) (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(stat), ") ") // after the name: state, which is field 3
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, fmt.Errorf("/proc/%d/stat has %d fields", pid, len(fields))
	}
	var user, system time.Duration
	if _, err := fmt.Sscan(fields[11]+" "+fields[12], &user, &system); err != nil {
		return 0, err
	}
	return (user + system) * Tick, nil
}

// ChartMemory is the chart's limit of memory, in bytes, and ChartEnv what its pods get because of it.
const ChartMemory = 256 << 20

// ChartEnv returns the environment of the chart's pods, as far as memory goes.
func ChartEnv() []string { return []string{"GOMEMLIMIT=230MiB"} }

// Memory is the resident memory of a process now and at the most, in bytes.
func Memory(pid int) (now, most int64, err error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, 0, err
	}
	for line := range strings.Lines(string(status)) {
		name, value, _ := strings.Cut(line, ":")
		into := map[string]*int64{"VmRSS": &now, "VmHWM": &most}[name]
		if into == nil {
			continue
		}
		if _, err := fmt.Sscan(value, into); err != nil {
			return 0, 0, err
		}
		*into *= 1024
	}
	return now, most, nil
}
