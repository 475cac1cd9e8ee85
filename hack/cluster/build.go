package cluster

import (
	"fmt"
	"os/exec"
	"path/filepath"
)

// Build builds the product into a directory, as it is released, and returns its file. root is that of the repository.
func Build(root, dir string) (string, error) {
	file := filepath.Join(dir, "bucketwarden")
	build := exec.Command("go", "build", "-tags", "grpcnotrace", "-o", file, "./cmd/bucketwarden")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return file, nil
}
