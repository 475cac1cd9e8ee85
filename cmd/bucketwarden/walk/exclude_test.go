package walk

import (
	"path/filepath"
	"testing"
)

func TestExclude(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, c := range []struct {
		glob, folder, name, root string
		want                     bool
	}{
		{"vendor", "", "a/vendor", ".", true},
		{"vendor", "", "a/vendored", ".", false},
		{"vendor/", "", "vendor", ".", true},
		{"*.tmpl.yaml", "", "a/b/c.tmpl.yaml", ".", true},
		{"./a/b", "", "a/b", ".", true},
		{"a/*", "", "a/b/c", ".", false},
		{"a/**", "", "a/b/c", ".", true},
		{"**/b/**", "", "a/b/c", ".", true},
		{"{a,b}/c.yaml", "", "b/c.yaml", ".", true},
		{"b/c", "", "a/b/c", "a", true},
		{"b/c", "", "a/b/c", "", false},
		{"b/c", "a", "a/b/c", ".", true},
		{"a/b", "a", "a/b", ".", false},
		{"../x/*", "a", "x/y", ".", true},
	} {
		e := Exclude{Glob: c.glob, Folder: c.folder}
		if !e.Valid() {
			t.Errorf("%q is not valid", c.glob)
		}
		absolute, err := filepath.Abs(c.name)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{c.name, absolute} {
			if got := e.names(name, c.root); got != c.want {
				t.Errorf("%q in %q names %s: %v", c.glob, c.folder, name, got)
			}
		}
	}
	for _, glob := range []string{"", "[", "a{b", `\`} {
		if (Exclude{Glob: glob}).Valid() {
			t.Errorf("%q is valid", glob)
		}
	}
}

// FuzzExclude holds that a pattern that is valid is tried without an error or an end that does not come, and names itself
// where it has nothing special.
func FuzzExclude(f *testing.F) {
	for _, seed := range []string{"a", "**/a", "a/*b", "[a-z]", "{a,b}", "a//b", "../a", `\*`} {
		f.Add(seed, "a/b/c.yaml")
	}
	f.Fuzz(func(t *testing.T, glob, name string) {
		e := Exclude{Glob: glob}
		if len(glob) > 64 || len(name) > 64 || !e.Valid() {
			return
		}
		e.names(name, ".")
		if plain := "x" + filepath.Base(filepath.Clean("/"+name)); !e.names(plain, "") && glob == plain && isPlainName(glob) {
			t.Errorf("%q does not name itself", glob)
		}
	})
}

func isPlainName(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') {
			return false
		}
	}
	return s != ""
}
