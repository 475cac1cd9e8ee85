package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
)

// TestDocsBlocks reads every YAML and JSON block of the pages. An object of a kind that we know is read as in a file, and a
// Ruleset or an Exemption is taken in, so that none has a field that is not there. The rules' page is made of cases that are run.
func TestDocsBlocks(t *testing.T) {
	t.Chdir("../..")
	pages, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	configuration := 0
	for _, page := range append(pages, "README.md", "CONTRIBUTING.md", "charts/bucketwarden/README.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for i, part := range strings.Split(string(text), "```") {
			language, block, _ := strings.Cut(part, "\n")
			if i%2 == 0 || language != "yaml" && language != "json" {
				continue
			}
			if language == "json" {
				if !json.Valid([]byte(block)) {
					t.Errorf("%s: no JSON:\n%s", page, block)
				}
				continue
			}
			for _, document := range strings.Split(block, "\n---\n") {
				var value any
				if err := yaml.UnmarshalStrict([]byte(document), &value); err != nil {
					t.Errorf("%s: %v in\n%s", page, err, document)
				}
			}
			configuration += takeIn(t, page, block)
		}
	}
	if configuration == 0 {
		t.Error("no Ruleset in any page: the blocks are not read as they should be")
	}
}

// takeIn returns how many Rulesets and the like a block has.
func takeIn(t *testing.T, page, block string) int {
	t.Helper()
	f, err := manifest.Parse(page, block)
	if err != nil {
		t.Errorf("%s: %v in\n%s", page, err, block)
	}
	in := files.Of(f)
	for _, err := range in.Errs {
		t.Errorf("%v in\n%s", err, block)
	}
	return len(f.Configuration)
}
