//go:build linux

package main

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
)

// pauseImage is the name of the image whose program holds a pod's namespaces, which a registry has in other clusters.
const pauseImage = "localhost/pause:1"

// writePause writes the image of a static program as docker save does, for ctr to import.
func writePause(program, to string) error {
	text, err := os.ReadFile(program)
	if err != nil {
		return err
	}
	layer, err := archive(file{"pause", text, 0o755})
	if err != nil {
		return err
	}
	config, err := json.Marshal(map[string]any{
		"architecture": runtime.GOARCH, "os": "linux",
		"config": map[string]any{"Entrypoint": []string{"/pause"}, "User": "65535:65535"},
		"rootfs": map[string]any{"type": "layers", "diff_ids": []string{fmt.Sprintf("sha256:%x", sha256.Sum256(layer))}},
	})
	if err != nil {
		return err
	}
	manifest, err := json.Marshal([]map[string]any{
		{"Config": "config.json", "RepoTags": []string{pauseImage}, "Layers": []string{"layer.tar"}},
	})
	if err != nil {
		return err
	}
	image, err := archive(file{"manifest.json", manifest, 0o644}, file{"config.json", config, 0o644}, file{"layer.tar", layer, 0o644})
	if err != nil {
		return err
	}
	return os.WriteFile(to, image, 0o644)
}

type file struct {
	name string
	text []byte
	mode int64
}

func archive(files ...file) ([]byte, error) {
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, f := range files {
		if err := w.WriteHeader(&tar.Header{Name: f.name, Mode: f.mode, Size: int64(len(f.text))}); err != nil {
			return nil, err
		}
		if _, err := w.Write(f.text); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return out.Bytes(), err
}

// imageName returns the name that the tar of make image carries, split at its tag.
func imageName(path string) (repository, tag string, err error) {
	text, err := readFrom(path, "index.json")
	if err != nil {
		return "", "", err
	}
	var index struct {
		Manifests []struct {
			Annotations map[string]string `json:"annotations"`
		} `json:"manifests"`
	}
	if err := json.Unmarshal(text, &index); err != nil {
		return "", "", fmt.Errorf("%s: index.json: %w", path, err)
	}
	for _, m := range index.Manifests {
		name := m.Annotations["io.containerd.image.name"]
		if i := bytes.LastIndexByte([]byte(name), ':'); i > 0 {
			return name[:i], name[i+1:], nil
		}
	}
	return "", "", errors.New(path + ": index.json does not name the image: annotation io.containerd.image.name is missing")
}

// readFrom returns one file of a tar.
func readFrom(path, name string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // nothing was written to it
	for r := tar.NewReader(f); ; {
		header, err := r.Next()
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", path, name, err)
		}
		if header.Name == name {
			return io.ReadAll(io.LimitReader(r, 1<<20))
		}
	}
}
