package main

import (
	"os/exec"
	"strings"
	"testing"
)

// TestLinks holds all that the command line links to what the linter refuses it to import: a hook and a browser build it.
func TestLinks(t *testing.T) {
	var config struct {
		Linters struct {
			Settings struct {
				Depguard struct {
					Rules map[string]struct{ Deny []struct{ Pkg, Desc string } }
				}
			}
		}
	}
	readYAML(t, ".golangci.yml", &config)
	refused := config.Linters.Settings.Depguard.Rules["command"].Deny
	if len(refused) < 5 {
		t.Fatalf("%d packages are refused: the table is not read as it should be", len(refused))
	}
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	for path := range strings.FieldsSeq(string(out)) {
		for _, r := range refused {
			if strings.HasPrefix(path+"/", strings.TrimSuffix(r.Pkg, "/")+"/") {
				t.Errorf("links %s: %s", path, r.Desc)
			}
		}
	}
}
