package manifest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// folder makes files from names and texts, and returns where.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir, all := t.TempDir(), fstest.MapFS{}
	for name, text := range files {
		all[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
	}
	if err := os.CopyFS(dir, all); err != nil {
		t.Fatal(err)
	}
	return dir
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
	if err := os.Symlink("a.yaml", linked); err != nil {
		t.Fatal(err)
	}
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
	f, err := Open(name, nil)
	if err != nil || len(f.Configuration) != 1 {
		t.Fatalf("read %q: %v", f.Text, err)
	}
	if err := f.Write("x"); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("writing a pipe: %v", err)
	}
}
