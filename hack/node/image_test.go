//go:build linux

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestImageName(t *testing.T) {
	for _, c := range []struct{ index, repository, tag, err string }{
		{`{"manifests": [{"annotations": {"io.containerd.image.name": "localhost:5000/tools/bucketwarden:v1"}}]}`,
			"localhost:5000/tools/bucketwarden", "v1", ""},
		{`{"manifests": [{"annotations": {"org.opencontainers.image.ref.name": "v1"}}]}`, "", "", "annotation io.containerd.image.name is missing"},
		{`{"manifests": 1}`, "", "", "index.json: json: cannot unmarshal"},
	} {
		path := filepath.Join(t.TempDir(), "image.tar")
		text, err := archive(file{"oci-layout", []byte("{}"), 0o644}, file{"index.json", []byte(c.index), 0o644})
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		repository, tag, err := imageName(path)
		if repository != c.repository || tag != c.tag || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: %q, %q, %v; want %q, %q, %q", c.index, repository, tag, err, c.repository, c.tag, c.err)
		}
	}
}
