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
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

func main() {
	var b build
	flag.StringVar(&b.root, "root", "../..", "`directory` of the repository")
	flag.StringVar(&b.dist, "dist", "../../dist", "`directory` to write to")
	flag.StringVar(&b.version, "version", "devel", "`version` of the product")
	flag.StringVar(&b.revision, "revision", "", "`commit` that is built")
	push := flag.String("push", "", "send the image to this `name`, with the credentials of docker login")
	flag.Parse()
	if err := run(context.Background(), b, *push, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "image:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, b build, push string, stdout io.Writer) error {
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
	tar := "bucketwarden_" + b.version + "_image.tar"
	if err := b.writeTar(filepath.Join(b.dist, tar), index); err != nil {
		return err
	}
	written := []string{tar}
	for _, p := range platforms {
		for _, binary := range binaries {
			if err := b.writeSBOM(ctx, platform(p), binary); err != nil {
				return err
			}
			written = append(written, platform(p)+"/"+binary)
		}
	}
	for _, name := range written {
		info, err := os.Stat(filepath.Join(b.dist, name))
		if err != nil {
			return err
		}
		fmt.Fprintf(stdout, "%5.1f MB %s\n", float64(info.Size())/1e6, name)
	}
	digest, err := index.Digest()
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "the image is %s\n", digest)
	if push == "" {
		return nil
	}
	return b.push(ctx, push, index, digest, stdout)
}

// push sends the image to a registry, and puts its digest into dist for whoever attests to it.
func (b build) push(ctx context.Context, to string, index v1.ImageIndex, digest v1.Hash, stdout io.Writer) error {
	ref, err := name.ParseReference(to)
	if err != nil {
		return err
	}
	if err := remote.WriteIndex(ref, index, remote.WithContext(ctx), remote.WithAuthFromKeychain(authn.DefaultKeychain)); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "pushed as %s\n", ref)
	return os.WriteFile(filepath.Join(b.dist, "image.digest"), []byte(digest.String()+"\n"), 0o644)
}

// writeTar writes an OCI layout that holds the index, as a tar.
func (b build) writeTar(name string, index v1.ImageIndex) error {
	dir, err := os.MkdirTemp("", "bucketwarden-layout")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	path, err := layout.Write(dir, empty.Index)
	if err != nil {
		return err
	}
	named := layout.WithAnnotations(map[string]string{"org.opencontainers.image.ref.name": b.version})
	if err := path.AppendIndex(index, named); err != nil {
		return err
	}
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := pack(f, dir, b.created); err != nil {
		return err
	}
	return f.Close()
}
