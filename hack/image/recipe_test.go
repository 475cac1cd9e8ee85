package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// TestRecipe says what the image is, once more than the Dockerfile does.
func TestRecipe(t *testing.T) {
	r, err := readRecipe("../../Dockerfile", map[string]string{"VERSION": "v1.2.3", "REVISION": "abc", "TARGETARCH": "arm64"})
	if err != nil {
		t.Fatal(err)
	}
	want := v1.Config{
		User: "65532:65532", Entrypoint: []string{"/bucketwarden-webhook"}, Cmd: []string{"serve"},
		Labels: map[string]string{
			"org.opencontainers.image.title":       "Bucketwarden",
			"org.opencontainers.image.description": "Judges the policies of S3 buckets at admission",
			"org.opencontainers.image.source":      "https://github.com/bucketwarden/bucketwarden",
			"org.opencontainers.image.licenses":    "Apache-2.0",
			"org.opencontainers.image.version":     "v1.2.3",
			"org.opencontainers.image.revision":    "abc",
		},
	}
	if diff := cmp.Diff(want, r.config); diff != "" {
		t.Error(diff)
	}
	args := map[string]string{"TARGETOS": "", "TARGETARCH": "arm64", "VERSION": "v1.2.3", "REVISION": "abc", "OUT": "/out"}
	if diff := cmp.Diff(args, r.args); diff != "" {
		t.Error(diff)
	}
	if len(r.steps) != 2 {
		t.Errorf("steps %q: want that of the binaries and that of the licences", r.steps)
	}
}

func TestRecipeRefuses(t *testing.T) {
	const good = "FROM golang AS build\nCOPY . .\nRUN go build\n\nFROM scratch\nCOPY --from=build /out/ /\nENTRYPOINT [\"/x\"]\n"
	for _, c := range []struct{ name, old, new, want string }{
		{"nothing", "", "", ""},
		{"another base", "scratch", "alpine", "DIR/Dockerfile: not a stage named build and one from scratch"},
		{"more from outside", "COPY --from=build /out/ /", "COPY --from=build /etc/ssl/ /etc/ssl/", "DIR/Dockerfile:6: COPY: not understood"},
		{"a shell", `["/x"]`, "/x", "DIR/Dockerfile:7: ENTRYPOINT: not understood"},
		{"a port", "ENTRYPOINT", "EXPOSE 9443\nENTRYPOINT", "DIR/Dockerfile:7: EXPOSE: not understood"},
		{"an environment of the build", "RUN", "ENV CGO_ENABLED=1\nRUN", "DIR/Dockerfile:3: ENV: not understood"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			name := filepath.Join(dir, "Dockerfile")
			if err := os.WriteFile(name, []byte(strings.Replace(good, c.old, c.new, 1)), 0o644); err != nil {
				t.Fatal(err)
			}
			got := ""
			if _, err := readRecipe(name, nil); err != nil {
				got = strings.ReplaceAll(err.Error(), dir, "DIR")
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
