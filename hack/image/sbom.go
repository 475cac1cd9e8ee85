package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
)

// writeSBOM writes the bill of materials of a binary of a platform. It has no time and no serial number: the same binary
// always gets the same one.
func (b build) writeSBOM(ctx context.Context, platform, binary string) error {
	cmd := exec.CommandContext(ctx, "go", "-C", filepath.Join(b.root, "hack/pins/tools"), "tool", "cyclonedx-gomod", "bin",
		"-json", "-noserial", "-notimestamp", "-std", "-version", b.version,
		"-output", filepath.Join(b.dist, binary+"_"+b.version+"_"+platform+".cdx.json"),
		filepath.Join(b.dist, platform, binary))
	// The bill names the tool by its hash, so that the tool too has to be the same wherever it is built.
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-trimpath -buildvcs=false")
	cmd.Stderr = os.Stderr
	return cmd.Run()
}
