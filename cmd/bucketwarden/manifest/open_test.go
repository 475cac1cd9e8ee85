package manifest

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

func TestOpen(t *testing.T) {
	dir := folder(t, map[string]string{"latin.yaml": "a: \xe9\n", "huge.yaml": strings.Repeat(" ", MaxSize+1)})
	t.Chdir(dir)
	for name, want := range map[string]string{
		"latin.yaml": "latin.yaml: not UTF-8 text",
		"huge.yaml":  "huge.yaml: larger than 32 MiB",
		"none.yaml":  "none.yaml: no such file or directory",
		".":          ".: is a directory",
	} {
		f, err := Open(name, nil)
		if err == nil || err.Error() != want || f.Name != name || len(f.Items) > 0 {
			t.Errorf("%s: got %v", name, err)
		}
	}
	f, err := Open(Stdin, strings.NewReader("a: b\n"))
	if err != nil || f.Name != "-" || f.PassedOver != 1 {
		t.Errorf("got %+v, %v", f, err)
	}
	if err := f.Write(""); err == nil || err.Error() != "-: standard input cannot be written" {
		t.Errorf("got %v", err)
	}
}

func TestWrite(t *testing.T) {
	dir := folder(t, map[string]string{"a.yaml": "a: b\n"})
	name, linked := filepath.Join(dir, "a.yaml"), filepath.Join(dir, "link.yaml")
	link(t, "a.yaml", linked)
	if err := os.Chmod(name, 0o640); err != nil {
		t.Fatal(err)
	}
	f, err := Open(linked, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Write("c: d\n"); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(name)
	if err != nil || string(text) != "c: d\n" {
		t.Errorf("got %q, %v", text, err)
	}
	info, err := os.Lstat(linked)
	if err != nil || info.Mode().Type() != os.ModeSymlink {
		t.Errorf("the link became %v, %v", info.Mode(), err)
	}
	if info, err = os.Stat(name); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("permissions became %v, %v", info.Mode(), err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 2 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	if err := f.Write(""); err == nil || err.Error() != linked+": no such file or directory" {
		t.Errorf("got %v", err)
	}
}

// TestPipes reads what a shell makes of <(...): a link in /dev/fd that leads to no name, without a size.
func TestPipes(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close() //nolint:errcheck // read to its end
	go func() {
		_, _ = w.WriteString("kind: Namespace\napiVersion: v1\n")
		_ = w.Close()
	}()
	name := fmt.Sprintf("/dev/fd/%d", r.Fd())
	if _, err := os.Stat(name); err != nil {
		t.Skipf("this system has no /dev/fd: %v", err)
	}
	found, err := Find([]string{name, name})
	if err != nil || len(found.Names) != 1 {
		t.Fatalf("found %q (%v), want the pipe once", found.Names, err)
	}
	f, err := Open(found.Names[0], nil)
	if err != nil || len(f.Configuration) != 1 {
		t.Fatalf("read %q: %v", f.Text, err)
	}
	if err := f.Write("x"); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("writing a pipe: %v", err)
	}
}
