package rules_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestContributing follows what CONTRIBUTING.md says about adding a rule. It lays the file, the line and the folder of the
// example over this package, and takes the steps in a copy of what they read and write. All tests of the package pass then, the
// sweeps left out.
func TestContributing(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the package with one more rule, which -short leaves out")
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	dir := filepath.Join(root, "policy", "rules")
	for _, name := range []string{"policy/rules", "docs"} {
		if err := os.CopyFS(filepath.Join(root, name), os.DirFS(filepath.Join("../..", name))); err != nil {
			t.Fatal(err)
		}
	}
	overlay, said := laid(t, here, dir)
	tests, generator := filepath.Join(root, "rules.test"), filepath.Join(root, "rulesdoc")
	run(t, here, "go", "test", "-c", "-overlay", overlay, "-o", tests, ".")
	run(t, here, "go", "build", "-overlay", overlay, "-o", generator, "../../hack/rulesdoc")
	run(t, dir, tests, "-test.run=TestRules/example-account|TestCatalogue", "-update")
	run(t, dir, generator)
	run(t, dir, tests, "-test.short")
	bad, err := os.ReadFile(filepath.Join(dir, "testdata/example-account/bad-example.txtar"))
	if err != nil || !strings.HasSuffix(string(bad), said) {
		t.Errorf("%v: the bad case does not end in\n%s\nbut is\n%s", err, said, bad)
	}
}

// laid writes the files of the example into dir, and returns the overlay that lays them over this package, and what the bad
// case says.
func laid(t *testing.T, here, dir string) (overlay, said string) {
	t.Helper()
	files, code := map[string]string{}, 0
	for _, b := range blocks(t) {
		name, inRules := strings.CutPrefix(b.file, "policy/rules/")
		switch {
		case b.file == "":
			said = b.text
			continue
		case !inRules:
			t.Fatalf("%s is not in policy/rules", b.file)
		case name == "rules.go":
			b.text = withLine(t, b.text)
		}
		if filepath.Ext(name) == ".go" {
			code++
		}
		files[filepath.Join(here, name)] = filepath.Join(dir, name)
		write(t, filepath.Join(dir, name), b.text)
	}
	if code != 2 || said == "" {
		t.Fatalf("a rule is one file and one line, and the example shows what it says: %v, %q", files, said)
	}
	replace, err := json.Marshal(map[string]any{"Replace": files})
	if err != nil {
		t.Fatal(err)
	}
	overlay = filepath.Join(t.TempDir(), "overlay.json")
	write(t, overlay, string(replace))
	return overlay, said
}

// block is one fenced block of CONTRIBUTING.md; the file it belongs to stands behind the language.
type block struct{ file, text string }

func blocks(t *testing.T) []block {
	t.Helper()
	text, err := os.ReadFile("../../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	var out []block
	for i, part := range strings.Split(string(text), "```") {
		if i%2 == 1 {
			info, body, _ := strings.Cut(part, "\n")
			_, file, _ := strings.Cut(info, " ")
			out = append(out, block{file, body})
		}
	}
	return out
}

// withLine returns rules.go with a line more in All.
func withLine(t *testing.T, line string) string {
	t.Helper()
	text, err := os.ReadFile("rules.go")
	if err != nil {
		t.Fatal(err)
	}
	head, found := strings.CutSuffix(string(text), "}\n")
	if !found {
		t.Fatal("rules.go does not end in the list")
	}
	return head + line + "}\n"
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func run(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}
