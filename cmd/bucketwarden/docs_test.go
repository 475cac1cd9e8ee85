package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDocs runs every "$ bucketwarden ..." of the console blocks in README.md and docs, from the root of the repository,
// and compares what follows with what it prints. Trailing blanks do not count.
func TestDocs(t *testing.T) {
	t.Chdir("../..")
	pages, err := filepath.Glob("docs/*.md")
	if err != nil || len(pages) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	ran := 0
	for _, page := range append(pages, "README.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		for i, part := range strings.Split(string(text), "```") {
			if i > 0 {
				out.WriteString("```")
			}
			if block, ok := strings.CutPrefix(part, "console\n"); ok && i%2 == 1 {
				ours, n := runConsole(block)
				part, ran = "console\n"+ours, ran+n
			}
			out.WriteString(part)
		}
		diff := cmp.Diff(string(text), out.String())
		if diff == "" {
			continue
		}
		if !*update {
			t.Errorf("%s, -says +prints:\n%s", page, diff)
		} else if err := os.WriteFile(page, []byte(out.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if ran == 0 {
		t.Error("no command of ours is in any page")
	}
}

// TestRefusalInReadme holds the refusal that README.md quotes from kubectl, however its lines are broken, to what is found.
func TestRefusalInReadme(t *testing.T) {
	t.Chdir("../..")
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	run([]string{"review", "config/samples/00-public-policy.yaml", "--only", "BW201"}, strings.NewReader(""), &stdout, &stderr)
	_, found, _ := strings.Cut(stdout.String(), ": ")
	found, _, ok := strings.Cut(found, " [Deny]")
	found = strings.Replace(found, "(BucketPolicy example-pictures ", "(", 1) // kubectl has named the object before
	if !ok {
		t.Fatalf("the sample is not refused: %s%s", &stdout, &stderr)
	}
	if !strings.Contains(strings.Join(strings.Fields(string(text)), " "), found) {
		t.Errorf("README.md does not quote: %s", found)
	}
}

// runConsole returns a block with what our own commands print, and how many these are. The rest of it stays.
func runConsole(block string) (out string, ran int) {
	ours := false
	var all strings.Builder
	for line := range strings.Lines(block) {
		command, isCommand := strings.CutPrefix(line, "$ ")
		if isCommand {
			ours = strings.HasPrefix(command, "bucketwarden ")
		}
		if isCommand || !ours {
			all.WriteString(line)
		}
		if isCommand && ours {
			ran++
			all.WriteString(printed(strings.Fields(command)[1:]))
		}
	}
	return all.String(), ran
}

func printed(args []string) string {
	var stdout, stderr bytes.Buffer
	run(args, strings.NewReader(""), &stdout, &stderr)
	var out strings.Builder
	for line := range strings.Lines(stdout.String() + stderr.String()) {
		out.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	return out.String()
}
