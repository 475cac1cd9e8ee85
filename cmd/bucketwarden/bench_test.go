package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// cost is what one process took.
type cost struct {
	Seconds float64 // of processors
	Peak    int64   // bytes of memory
}

// measure is a program: it runs another with os.Args[1:], and prints its cost. Linux counts the memory of whoever starts a process
// as that process's own, so this one starts it, which has done nothing yet. Its 23 MB are the least that it can report.
func measure() {
	cmd := exec.Command(os.Args[1], os.Args[2:]...)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	state := cmd.ProcessState
	out := cost{Seconds: (state.UserTime() + state.SystemTime()).Seconds()}
	if usage, ok := state.SysUsage().(*syscall.Rusage); ok {
		out.Peak = usage.Maxrss * 1024 // kilobytes on Linux
	}
	_ = json.NewEncoder(os.Stdout).Encode(out)
}

// benchmark reports what the program takes with args, as a process of its own.
func benchmark(b *testing.B, binary string, args ...string) {
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	var all cost
	runs := 0.0
	for b.Loop() {
		cmd := exec.CommandContext(b.Context(), self)
		cmd.Args = append([]string{"measure", binary}, args...)
		cmd.Stderr = b.Output()
		out, err := cmd.Output()
		var one cost
		if err == nil {
			err = json.Unmarshal(out, &one)
		}
		if err != nil {
			b.Fatal(err)
		}
		all.Seconds += one.Seconds
		all.Peak = max(all.Peak, one.Peak)
		runs++
	}
	b.ReportMetric(float64(all.Peak)/1e6, "MB-peak")
	b.ReportMetric(1000*all.Seconds/runs, "ms-cpu/op")
}

// buildStripped returns the program as it is released.
func buildStripped(b *testing.B) string {
	b.Helper()
	binary := filepath.Join(b.TempDir(), "bucketwarden")
	cmd := exec.CommandContext(b.Context(), "go", "build", "-tags", "grpcnotrace", "-ldflags", "-s -w", "-o", binary, ".")
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return binary
}

// BenchmarkVersion measures the binary, and what it takes to start: nothing is judged.
func BenchmarkVersion(b *testing.B) {
	binary := buildStripped(b)
	info, err := os.Stat(binary)
	if err != nil {
		b.Fatal(err)
	}
	benchmark(b, binary, "version")
	b.ReportMetric(float64(info.Size())/1e6, "MB-binary")
}

// BenchmarkReview measures a review of 1,000 manifests that are each patched.
func BenchmarkReview(b *testing.B) {
	binary := buildStripped(b)
	dir := b.TempDir()
	for i := range 1000 {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("bucket-%03d.yaml", i)), []byte(patchedBucket(i)), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	for _, output := range []string{"json", "text", "sarif"} {
		b.Run(output, func(b *testing.B) { benchmark(b, binary, "review", "-o", output, dir) })
	}
}

// patchedBucket is one of many Buckets, of some 1.7 KB: one of its five teams has a permission that sets ACLs, which are off.
func patchedBucket(i int) string {
	var teams strings.Builder
	for team := range 5 {
		acl := ""
		if team == 0 {
			acl = `, "s3:PutObjectAcl"`
		}
		fmt.Fprintf(&teams, `      {"Sid": "Team%[2]d", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/team-%[1]d-%[2]d"},
        "Action": ["s3:GetObject", "s3:PutObject"%[3]s],
        "Resource": "arn:aws:s3:::data-%[1]d/team-%[2]d/*"},
`, i, team, acl)
	}
	return fmt.Sprintf(`apiVersion: s3.services.k8s.aws/v1alpha1
kind: Bucket
metadata:
  name: data-%[1]d
  namespace: team
spec:
  name: data-%[1]d
  publicAccessBlock: {blockPublicACLs: true, blockPublicPolicy: true, ignorePublicACLs: true, restrictPublicBuckets: true}
  ownershipControls:
    rules:
    - objectOwnership: BucketOwnerEnforced
  policy: |
    {"Version": "2012-10-17", "Statement": [
%[2]s      {"Sid": "TLS", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
        "Resource": ["arn:aws:s3:::data-%[1]d", "arn:aws:s3:::data-%[1]d/*"], "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    ]}
`, i, teams.String())
}
