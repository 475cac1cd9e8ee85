// Command image builds the container image for every platform from the Dockerfile, without Docker, as a tar of an OCI
// layout, and a bill of materials for each binary of each platform. With -push it also sends the image to a registry.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

func main() {
	var b build
	flag.StringVar(&b.root, "root", "../..", "`directory` of the repository")
	flag.StringVar(&b.dist, "dist", "../../dist", "`directory` to write to")
	flag.StringVar(&b.version, "version", "devel", "`version` of the product")
	flag.StringVar(&b.revision, "revision", "", "`commit` that is built")
	flag.StringVar(&b.name, "name", "ghcr.io/bucketwarden/bucketwarden:devel", "what the image is called: `registry/repository:tag`")
	push := flag.Bool("push", false, "send the image there, with the credentials of docker login")
	flag.Parse()
	if err := run(context.Background(), b, *push, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "image:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, b build, push bool, stdout io.Writer) error {
	seconds, err := strconv.ParseInt(os.Getenv("SOURCE_DATE_EPOCH"), 10, 64)
	if err != nil {
		return fmt.Errorf("SOURCE_DATE_EPOCH, the time in all files: %w", err)
	}
	b.created = time.Unix(seconds, 0).UTC()
	if b.dist, err = filepath.Abs(b.dist); err != nil {
		return err
	}
	index, err := b.index(ctx)
	if err != nil {
		return err
	}
	written, err := b.write(ctx, index)
	if err != nil {
		return err
	}
	if err := b.list(written, stdout); err != nil {
		return err
	}
	digest, err := index.Digest()
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "the image is %s\n", digest)
	if !push {
		return nil
	}
	return b.push(ctx, index, digest, stdout)
}

// push sends the image to its registry, and puts its digest into dist for whoever attests to it.
func (b build) push(ctx context.Context, index v1.ImageIndex, digest v1.Hash, stdout io.Writer) error {
	ref, err := name.ParseReference(b.name)
	if err != nil {
		return err
	}
	if err := remote.WriteIndex(ref, index, remote.WithContext(ctx), remote.WithAuthFromKeychain(authn.DefaultKeychain)); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "pushed as %s\n", ref)
	return os.WriteFile(filepath.Join(b.dist, "image.digest"), []byte(digest.String()+"\n"), 0o644)
}
