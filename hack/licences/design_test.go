package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
)

// TestDependenciesOfDesign holds the table of DESIGN.md against every go.mod and the modules' licences. What a row says
// of the reason is for people to read.
func TestDependenciesOfDesign(t *testing.T) {
	const root = "../.."
	all, err := everything(root)
	if err != nil {
		t.Fatal(err)
	}
	licences := map[string]map[string]string{} // of all versions that are in use
	for _, m := range all.sorted() {
		found, err := m.licences()
		if err != nil {
			t.Fatal(err)
		}
		if licences[m.Path] == nil {
			licences[m.Path] = map[string]string{}
		}
		maps.Copy(licences[m.Path], found)
	}
	dirs, err := goModDirs(root)
	if err != nil {
		t.Fatal(err)
	}
	users, looked := map[string][]string{}, lookedInto(t, root)
	for _, dir := range dirs {
		name, err := filepath.Rel(root, dir)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(looked, func(pattern string) bool { return matches(t, pattern, name) }) {
			t.Errorf("%s: .github/dependabot.yml does not look there for go.mod", name)
		}
		for _, path := range direct(t, dir) {
			users[path] = append(users[path], strings.TrimPrefix(strings.Replace(name, ".", "root", 1), "hack/"))
		}
	}
	var want []string
	for path, dirs := range users {
		slices.Sort(dirs)
		want = append(want, fmt.Sprintf("| %s | %s | %s |", path, strings.Join(dirs, ", "),
			strings.Join(slices.Sorted(maps.Keys(licences[path])), ", ")))
	}
	slices.Sort(want)
	got := table(t, filepath.Join(root, "DESIGN.md"))
	for _, row := range want {
		if !slices.Contains(got, row) {
			t.Errorf("DESIGN.md, Dependencies: this row is missing, and its reason: %s", row)
		}
	}
	for i, row := range got {
		if !slices.Contains(want, row) || slices.Contains(got[:i], row) {
			t.Errorf("DESIGN.md, Dependencies: no go.mod asks for this row: %s", row)
		}
	}
	if !slices.IsSorted(got) {
		t.Error("DESIGN.md, Dependencies: the rows are not in order")
	}
}

// lookedInto are the patterns of folders in which Dependabot looks for a go.mod.
func lookedInto(t *testing.T, root string) []string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, ".github/dependabot.yml"))
	if err != nil {
		t.Fatal(err)
	}
	list := regexp.MustCompile(`(?m)gomod\n +directories: \[(.+)\]`).FindSubmatch(data)
	if list == nil {
		t.Fatal(".github/dependabot.yml: no directories of gomod")
	}
	var out []string
	for pattern := range strings.SplitSeq(string(list[1]), ",") {
		out = append(out, strings.TrimPrefix(strings.Trim(pattern, ` "`), "/"))
	}
	return out
}

// matches reports whether a pattern of Dependabot's names a folder. "" is the root.
func matches(t *testing.T, pattern, name string) bool {
	t.Helper()
	ok, err := filepath.Match(pattern, strings.TrimPrefix(name, "."))
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

// direct are the modules that the go.mod in dir asks for by itself, for packages or as tools. Our own are not listed.
func direct(t *testing.T, dir string) []string {
	t.Helper()
	name := filepath.Join(dir, "go.mod")
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	mod, err := modfile.Parse(name, data, nil)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, r := range mod.Require {
		isTool := func(tool *modfile.Tool) bool { return strings.HasPrefix(tool.Path+"/", r.Mod.Path+"/") }
		if r.Indirect && !slices.ContainsFunc(mod.Tool, isTool) || strings.HasPrefix(r.Mod.Path, "github.com/bucketwarden/") {
			continue
		}
		out = append(out, r.Mod.Path)
	}
	return out
}

// table are the first three columns of the rows about modules.
func table(t *testing.T, name string) []string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile(`(?m)^(\| \S+\.\S+/\S+ \| [^|]+ \| [^|]+ \|) [^|]+ \|$`)
	var out []string
	for _, m := range row.FindAllStringSubmatch(string(data), -1) {
		out = append(out, m[1])
	}
	return out
}
