package cluster

import (
	"fmt"
	"os/exec"
	"path/filepath"
)

// Build builds the server into a directory, as it is released, and returns its file. root is that of the repository.
func Build(root, dir string) (string, error) {
	return build(root, filepath.Join(dir, "bucketwarden-webhook"), "./cmd/webhook")
}

// BuildCommand does the same with the command line.
func BuildCommand(root, dir string) (string, error) {
	return build(root, filepath.Join(dir, "bucketwarden"), "./cmd/bucketwarden")
}

func build(root, file, from string) (string, error) {
	build := exec.Command("go", "build", "-tags", "grpcnotrace", "-o", file, from)
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return file, nil
}
