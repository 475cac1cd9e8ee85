package rules_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/policytest"
	"github.com/bucketwarden/bucketwarden/policy/rules"
)

// TestCatalogue holds the rules to what was promised of each in catalogue.txt, which -update writes: id, name, severity, what
// baseline and restricted do, and the class of the fix that its cases show. BW106 is patched where white space makes it too
// large; BW305 and BW504 have no fix for the reasons in docs/rules.md. That each has a bad and an ok case is TestRules'.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	var got strings.Builder
	for _, r := range rules.All {
		fmt.Fprintln(&got, r.ID, r.Name, r.Severity, r.Baseline, r.Restricted, fixOf(t, r))
		if _, err := os.Stat(r.Name + ".go"); err != nil {
			t.Error(err)
		}
	}
	const file = "catalogue.txt"
	if policytest.Updating() {
		if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	promised, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(promised), "\n"), strings.Split(got.String(), "\n")); diff != "" {
		t.Errorf("-promised +is; where a promise is to change, -update writes it\n%s", diff)
	}
	if !slices.IsSortedFunc(rules.All, func(a, b *policy.Rule) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("All is not in the order of the ids")
	}
}

// TestPages holds the pages to all rules.
func TestPages(t *testing.T) {
	t.Parallel()
	for page, row := range map[string]string{"README.md": "## %s %s\n", "../../docs/rules.md": "%s  %s "} {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rules.All {
			if row := fmt.Sprintf(row, r.ID, r.Name); !strings.Contains(string(text), row) {
				t.Errorf("%s has no %q: make generate writes it", page, row)
			}
		}
	}
}

// fixOf returns the class of the fixes that the cases of a rule show, - for none.
func fixOf(t *testing.T, r *policy.Rule) string {
	t.Helper()
	names, _ := filepath.Glob(filepath.Join("testdata", r.Name, "bad-*.txtar"))
	for _, class := range []policy.Class{policy.Equivalent, policy.Narrowing} {
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(text), fmt.Sprintf("\tfix: %s: ", class)) {
				return string(class)
			}
		}
	}
	return "-"
}

// TestMap holds the page of the package to its files: each belongs to a rule, or stands in doc.go.
func TestMap(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		rule := slices.ContainsFunc(rules.All, func(r *policy.Rule) bool { return r.Name+".go" == name })
		listed := strings.Contains(string(page), "//\t"+name+" ")
		if !rule && !listed && name != "doc.go" && !strings.HasSuffix(name, "_test.go") || rule && listed {
			t.Errorf("%s: a rule's file has its name, and every other file stands in doc.go once", name)
		}
	}
	for line := range strings.Lines(string(page)) {
		if name, _, ok := strings.Cut(strings.TrimPrefix(line, "//\t"), " "); ok && strings.HasSuffix(name, ".go") && !slices.Contains(names, name) {
			t.Errorf("doc.go names %s, which is not there", name)
		}
	}
}
