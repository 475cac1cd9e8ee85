package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// platforms are those that the image is for.
var platforms = []v1.Platform{{OS: "linux", Architecture: "amd64"}, {OS: "linux", Architecture: "arm64"}}

// binaries are those of the image.
var binaries = []string{"bucketwarden", "bucketwarden-webhook"}

// platform is the name of a platform's directory.
func platform(p v1.Platform) string { return p.OS + "_" + p.Architecture }

// contextDir is the name of the directories in which binaries are built, but for a number.
const contextDir = "bucketwarden-context"

// build is one build of the image.
type build struct {
	root, dist        string // of the repository, and where everything is put, absolute
	version, revision string
	name              string // of the image: registry/repository:tag
	created           time.Time
}

// index builds the image for every platform. Each one's files stay in dist, in a directory named as the platform.
func (b build) index(ctx context.Context) (v1.ImageIndex, error) {
	dir, err := os.MkdirTemp("", contextDir)
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := copyContext(b.root, dir); err != nil {
		return nil, err
	}
	index := mutate.IndexMediaType(empty.Index, types.OCIImageIndex)
	var labels map[string]string
	for _, p := range platforms {
		image, err := b.image(ctx, dir, p)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p, err)
		}
		config, err := image.ConfigFile()
		if err != nil {
			return nil, err
		}
		labels = config.Config.Labels
		index = mutate.AppendManifests(index, mutate.IndexAddendum{Add: image, Descriptor: v1.Descriptor{Platform: &p}})
	}
	// Registries show the annotations of an index, where they would show the labels of a single image.
	return mutate.Annotations(index, labels).(v1.ImageIndex), nil
}

// image runs the build stage in dir and makes an image of what it leaves.
func (b build) image(ctx context.Context, dir string, p v1.Platform) (v1.Image, error) {
	files := filepath.Join(b.dist, platform(p))
	if err := os.RemoveAll(files); err != nil {
		return nil, err
	}
	recipe, err := readRecipe(filepath.Join(b.root, "Dockerfile"), map[string]string{
		"TARGETOS": p.OS, "TARGETARCH": p.Architecture, "VERSION": b.version, "REVISION": b.revision, out: files,
	})
	if err != nil {
		return nil, err
	}
	if err := recipe.run(ctx, dir); err != nil {
		return nil, err
	}
	return b.pack(files, p, recipe.config)
}

// pack makes an image of one layer, of the files of a directory.
func (b build) pack(files string, p v1.Platform, config v1.Config) (v1.Image, error) {
	var content bytes.Buffer
	if err := pack(&content, files, b.created); err != nil {
		return nil, err
	}
	layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(content.Bytes())), nil
	}, tarball.WithMediaType(types.OCILayer))
	if err != nil {
		return nil, err
	}
	image := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	image, err = mutate.ConfigFile(image, &v1.ConfigFile{
		OS: p.OS, Architecture: p.Architecture, Config: config, Created: v1.Time{Time: b.created},
		RootFS: v1.RootFS{Type: "layers"},
	})
	if err != nil {
		return nil, err
	}
	return mutate.Append(image, mutate.Addendum{Layer: layer, MediaType: types.OCILayer,
		History: v1.History{Created: v1.Time{Time: b.created}, CreatedBy: "hack/image"}})
}

// run runs the steps of the build stage.
func (r *recipe) run(ctx context.Context, dir string) error {
	env := os.Environ()
	for key, value := range r.args {
		env = append(env, key+"="+value)
	}
	for _, step := range r.steps {
		cmd := exec.CommandContext(ctx, "/bin/sh", "-ec", step)
		cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = dir, env, os.Stderr, os.Stderr
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("%s: %w", step, err)
		}
	}
	return nil
}
