package rules_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestContributing does what CONTRIBUTING.md says about adding a rule: it lays the file and the line of the example over
// this package, adds the folder to a copy of testdata, and runs the driver as the steps do.
func TestContributing(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "testdata"), os.DirFS("testdata")); err != nil {
		t.Fatal(err)
	}
	overlay := map[string]string{}
	var said string
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
		path := filepath.Join(dir, name)
		write(t, path, b.text)
		if filepath.Ext(name) == ".go" {
			overlay[filepath.Join(here, name)] = path
		}
	}
	if len(overlay) != 2 || said == "" {
		t.Fatalf("a rule is one file and one line, and the example shows what it says: %v, %q", overlay, said)
	}
	replace, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "overlay.json"), string(replace))

	binary := filepath.Join(dir, "rules.test")
	run(t, here, "go", "test", "-c", "-overlay", filepath.Join(dir, "overlay.json"), "-o", binary, ".")
	run(t, dir, binary, "-test.run=^TestRules$", "-update")
	run(t, dir, binary, "-test.run=^TestRules$")
	bad, err := os.ReadFile(filepath.Join(dir, "testdata/example-account/bad-example.txtar"))
	if err != nil || !strings.HasSuffix(string(bad), said) {
		t.Errorf("%v: the bad case does not end in\n%s\nbut is\n%s", err, said, bad)
	}
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
