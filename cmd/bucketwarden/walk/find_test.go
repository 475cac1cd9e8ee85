package walk

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// folder makes files from names and texts, and returns where.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func link(t *testing.T, old, name string) {
	t.Helper()
	if err := os.Symlink(old, name); err != nil {
		t.Fatal(err)
	}
}

func TestFind(t *testing.T) {
	dir := folder(t, map[string]string{
		"a.yaml": "", "b/c.yml": "", "b/d.JSON": "", "b/readme.md": "", ".git/e.yaml": "", ".github/f.yaml": "", "g.txt": "",
	})
	link(t, "b", filepath.Join(dir, "linked"))
	link(t, "..", filepath.Join(dir, "b", "loop"))
	link(t, "a.yaml", filepath.Join(dir, "again.yaml"))
	link(t, "missing", filepath.Join(dir, "broken.yaml"))
	link(t, "circle.yaml", filepath.Join(dir, "circle.yaml"))
	t.Chdir(dir)
	tests := []struct{ paths, want, err string }{
		{"a.yaml ./a.yaml again.yaml - -", "a.yaml -", ""},
		{"b", "b/c.yml b/d.JSON", ""},
		{"linked/ b/loop/b", "linked/c.yml linked/d.JSON", ""},
		{"g.txt b/readme.md", "g.txt b/readme.md", ""},
		{"nowhere a.yaml", "a.yaml", "nowhere: no such file or directory"},
		{".", ".github/f.yaml a.yaml b/c.yml b/d.JSON", "broken.yaml: no such file or directory\n" +
			"circle.yaml: too many levels of symbolic links"},
	}
	for _, tt := range tests {
		found, err := Find(strings.Fields(tt.paths))
		text := ""
		if err != nil {
			text = err.Error()
		}
		if diff := cmp.Diff([]string{tt.want, tt.err}, []string{strings.Join(found.Names, " "), text}); diff != "" {
			t.Errorf("%s: -want +got\n%s", tt.paths, diff)
		}
	}
}

func TestFindFollowsLinks(t *testing.T) {
	dir := folder(t, map[string]string{"real/a.yaml": "", "real/sub/b.yaml": "", "app/c.yaml": "", "named.yaml/d.yaml": ""})
	link(t, "../real", filepath.Join(dir, "app", "base"))
	link(t, "../../app", filepath.Join(dir, "real", "sub", "back"))
	link(t, ".", filepath.Join(dir, "app", "self"))
	link(t, "../../named.yaml", filepath.Join(dir, "real", "sub", "x.yaml"))
	t.Chdir(dir)
	for paths, want := range map[string]string{
		"app":      "app/c.yaml app/base/a.yaml app/base/sub/b.yaml app/base/sub/x.yaml/d.yaml",
		"real":     "real/a.yaml real/sub/b.yaml real/sub/back/c.yaml real/sub/x.yaml/d.yaml",
		"app real": "app/c.yaml app/base/a.yaml app/base/sub/b.yaml app/base/sub/x.yaml/d.yaml",
	} {
		found, err := Find(strings.Fields(paths))
		if got := strings.Join(found.Names, " "); err != nil || got != want {
			t.Errorf("%s: %s, want %s (%v)", paths, got, want, err)
		}
	}
}

// TestFindPipes names what a shell makes of <(...) once: a link in /dev/fd that leads to no name.
func TestFindPipes(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close() //nolint:errcheck // nothing was read
	defer w.Close() //nolint:errcheck // nothing was written
	name := fmt.Sprintf("/dev/fd/%d", r.Fd())
	if _, err := os.Stat(name); err != nil {
		t.Skipf("this system has no /dev/fd: %v", err)
	}
	if found, err := Find([]string{name, name}); err != nil || len(found.Names) != 1 {
		t.Fatalf("found %q (%v), want the pipe once", found.Names, err)
	}
}
