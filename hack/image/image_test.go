package main

import (
	"archive/tar"
	"bytes"
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/validate"
)

// TestImage builds the image twice, each in other directories, and pushes the first to a registry.
func TestImage(t *testing.T) {
	t.Setenv("SOURCE_DATE_EPOCH", "1700000000")
	server := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	defer server.Close()
	ref := strings.TrimPrefix(server.URL, "http://") + "/bucketwarden:v1.2.3"

	dirs := [2]string{t.TempDir(), t.TempDir()}
	for i, push := range []bool{true, false} {
		b := build{root: "../..", dist: dirs[i], version: "v1.2.3", revision: "abc", name: ref}
		if err := run(t.Context(), b, push, t.Output()); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("the same bytes twice", func(t *testing.T) { same(t, dirs[0], dirs[1]) })
	for _, p := range platforms {
		for _, name := range binaries {
			t.Run(name+" of "+platform(p), func(t *testing.T) {
				binary := filepath.Join(dirs[0], platform(p), name)
				noPaths(t, binary)
				stamped(t, binary, p)
				complete(t, binary, filepath.Join(dirs[0], name+"_v1.2.3_"+platform(p)+".cdx.json"))
			})
		}
	}
	t.Run("named", func(t *testing.T) { named(t, filepath.Join(dirs[0], "bucketwarden_v1.2.3_image.tar"), ref) })
	t.Run("in the registry", func(t *testing.T) { pulled(t, ref) })
}

// named fails when whoever loads the tar gives the image another name: containerd, and so a kubelet, goes by an annotation of its
// own.
func named(t *testing.T, file, want string) {
	in := tar.NewReader(bytes.NewReader(read(t, file)))
	for {
		header, err := in.Next()
		if err != nil {
			t.Fatalf("no index.json: %v", err)
		}
		if header.Name != "index.json" {
			continue
		}
		var index v1.IndexManifest
		if err := json.NewDecoder(in).Decode(&index); err != nil || len(index.Manifests) != 1 {
			t.Fatalf("index.json of %d manifests: %v", len(index.Manifests), err)
		}
		if got := index.Manifests[0].Annotations["io.containerd.image.name"]; got != want {
			t.Errorf("containerd calls it %q, want %q", got, want)
		}
		return
	}
}

// same fails where a file of one directory is not the same in the other.
func same(t *testing.T, a, b string) {
	names := []string{"bucketwarden_v1.2.3_image.tar"}
	for _, p := range platforms {
		names = append(names, platform(p)+"/licenses/THIRD_PARTY_NOTICES")
		for _, binary := range binaries {
			names = append(names, platform(p)+"/"+binary, binary+"_v1.2.3_"+platform(p)+".cdx.json")
		}
	}
	for _, name := range names {
		if !bytes.Equal(read(t, filepath.Join(a, name)), read(t, filepath.Join(b, name))) {
			t.Errorf("%s: two builds differ", name)
		}
	}
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// noPaths fails when a binary knows in which directories it was made: elsewhere it would be another one.
func noPaths(t *testing.T, binary string) {
	modules, err := exec.Command("go", "env", "GOMODCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	data := read(t, binary)
	for _, path := range []string{contextDir, filepath.Dir(binary), strings.TrimSpace(string(modules))} {
		if bytes.Contains(data, []byte(path)) {
			t.Errorf("%s is in the binary", path)
		}
	}
}

// stamped fails when the binary does not know which version it is. Those of other platforms cannot be asked here.
func stamped(t *testing.T, binary string, p v1.Platform) {
	if p.OS != runtime.GOOS || p.Architecture != runtime.GOARCH {
		t.Logf("%s does not run on %s/%s", p, runtime.GOOS, runtime.GOARCH)
		return
	}
	got, err := exec.Command(binary, "version").Output()
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("%s v1.2.3 abc %s %s\n", filepath.Base(binary), runtime.Version(), p); string(got) != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// complete fails when the binary is not built as it should be, or links what is not in its bill of materials.
func complete(t *testing.T, binary, sbom string) {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	for key, want := range map[string]string{"CGO_ENABLED": "0", "-trimpath": "true", "-tags": "grpcnotrace", "GOOS": "linux"} {
		if settings[key] != want {
			t.Errorf("built with %s=%s, not %s", key, settings[key], want)
		}
	}
	var bom struct {
		Metadata   struct{ Component struct{ Version string } }
		Components []struct{ Name, Version string }
	}
	if err := json.Unmarshal(read(t, sbom), &bom); err != nil {
		t.Fatal(err)
	}
	if got := bom.Metadata.Component.Version; got != "v1.2.3" {
		t.Errorf("the bill is of version %q", got)
	}
	listed := map[string]bool{}
	for _, c := range bom.Components {
		listed[c.Name+" "+c.Version] = true
	}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		if !listed[m.Path+" "+m.Version] {
			t.Errorf("%s %s is linked and not listed", m.Path, m.Version)
		}
	}
	if len(info.Deps) == 0 || !listed["std "+info.GoVersion] {
		t.Errorf("%d modules linked, and std %s not listed", len(info.Deps), info.GoVersion)
	}
}

// pulled looks at the image as the registry gives it.
func pulled(t *testing.T, ref string) {
	parsed, err := name.ParseReference(ref)
	if err != nil {
		t.Fatal(err)
	}
	index, err := remote.Index(parsed)
	if err != nil {
		t.Fatal(err)
	}
	if err := validate.Index(index); err != nil {
		t.Error(err)
	}
	manifest, err := index.IndexManifest()
	if err != nil {
		t.Fatal(err)
	}
	if got := manifest.Annotations["org.opencontainers.image.version"]; got != "v1.2.3" {
		t.Errorf("the index is of version %q", got)
	}
	var found []v1.Platform
	for _, m := range manifest.Manifests {
		found = append(found, *m.Platform)
		image, err := index.Image(m.Digest)
		if err != nil {
			t.Fatal(err)
		}
		files(t, image)
	}
	if diff := cmp.Diff(platforms, found); diff != "" {
		t.Error(diff)
	}
}

// files holds the image's config against the Dockerfile, and lists all that is in it.
func files(t *testing.T, image v1.Image) {
	config, err := image.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	recipe, err := readRecipe("../../Dockerfile", map[string]string{"VERSION": "v1.2.3", "REVISION": "abc"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(recipe.config, config.Config); diff != "" {
		t.Error(diff)
	}
	var got []string
	for in := tar.NewReader(mutate.Extract(image)); ; {
		h, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%s %d:%d %d %s", h.FileInfo().Mode(), h.Uid, h.Gid, h.ModTime.Unix(), h.Name))
	}
	want := []string{
		"-rwxr-xr-x 0:0 1700000000 bucketwarden",
		"-rwxr-xr-x 0:0 1700000000 bucketwarden-webhook",
		"drwxr-xr-x 0:0 1700000000 licenses",
		"-rw-r--r-- 0:0 1700000000 licenses/LICENSE",
		"-rw-r--r-- 0:0 1700000000 licenses/THIRD_PARTY_NOTICES",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
