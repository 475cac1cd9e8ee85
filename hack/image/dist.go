package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
)

// write puts the image and the bills of materials into dist, and returns which files people are told of.
func (b build) write(ctx context.Context, index v1.ImageIndex) ([]string, error) {
	tar := "bucketwarden_" + b.version + "_image.tar"
	if err := b.writeTar(filepath.Join(b.dist, tar), index); err != nil {
		return nil, err
	}
	written := []string{tar}
	for _, p := range platforms {
		for _, binary := range binaries {
			if err := b.writeSBOM(ctx, platform(p), binary); err != nil {
				return nil, err
			}
			written = append(written, platform(p)+"/"+binary)
		}
	}
	return written, nil
}

// list says how large files of dist are.
func (b build) list(names []string, stdout io.Writer) error {
	for _, name := range names {
		info, err := os.Stat(filepath.Join(b.dist, name))
		if err != nil {
			return err
		}
		fmt.Fprintf(stdout, "%5.1f MB %s\n", float64(info.Size())/1e6, name)
	}
	return nil
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
	named := layout.WithAnnotations(map[string]string{
		"org.opencontainers.image.ref.name": b.version,
		"io.containerd.image.name":          b.name, // for containerd, and so for a kubelet
	})
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
