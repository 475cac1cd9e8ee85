package policy_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

const module = "github.com/bucketwarden/bucketwarden/"

// mayImport reads who may know whom from the linter's configuration, so that there is one table: what each package may import
// besides the standard library. A name that ends in $ is one
// package, any other all that begin with it.
func mayImport(t *testing.T) map[string][]string {
	t.Helper()
	raw, err := os.ReadFile("../.golangci.yml")
	if err != nil {
		t.Fatal(err)
	}
	var config struct {
		Linters struct {
			Settings struct {
				Depguard struct {
					Rules map[string]struct {
						ListMode string `json:"list-mode"`
						Files    []string
						Allow    []string
					}
				}
			}
		}
	}
	if err := yaml.Unmarshal(raw, &config); err != nil {
		t.Fatal(err)
	}
	table := map[string][]string{}
	for name, rule := range config.Linters.Settings.Depguard.Rules {
		if rule.ListMode != "strict" {
			continue
		}
		for _, f := range rule.Files {
			path := strings.TrimSuffix(strings.TrimPrefix(f, "**/"), "/*.go")
			if !strings.HasPrefix(path, "policy") && path != "webhook/source" {
				continue
			}
			if table[path] != nil {
				t.Errorf("%s: another rule is about %s too", name, path)
			}
			table[path] = rule.Allow
		}
	}
	return table
}

// reasons are why a package is refused to those that judge, whoever imports it for them.
var reasons = map[string]string{
	"os":              "files and the environment arrive as arguments",
	"log":             "what is found is returned; whoever called logs it",
	"net/http":        "a document is judged without a network",
	"math/rand":       "the same document always gets the same answer",
	"math/rand/v2":    "the same document always gets the same answer",
	"testing":         "tests are not part of the program",
	"text/template":   "calls methods by name: what nobody calls would stay in the binary, 30 MB of it",
	"k8s.io/...":      "a document is judged without a cluster",
	"sigs.k8s.io/...": "a document is judged without a cluster",
}

// driver is the one package below policy that is allowed all of those: only tests import it.
const driver = "policy/policytest"

type listed struct {
	ImportPath string
	Standard   bool
	Imports    []string
}

// TestWhoMayKnowWhom reads the imports of every package, tests left out.
func TestWhoMayKnowWhom(t *testing.T) {
	packages, table := list(t), mayImport(t)
	seen := 0
	for path, p := range packages {
		name, ours := strings.CutPrefix(path, module)
		allowed, judged := table[name]
		if !ours || !judged && !strings.HasPrefix(name, "policy") {
			continue
		}
		seen++
		if !judged {
			t.Errorf("%s: no strict rule of depguard in .golangci.yml is about it; say what it may import", name)
		}
		for _, i := range p.Imports {
			if !packages[i].Standard && !slices.ContainsFunc(allowed, func(a string) bool { return allows(a, i) }) {
				t.Errorf("%s imports %s; it may import %s", name, i, strings.Join(allowed, ", "))
			}
		}
	}
	if seen < 5 {
		t.Errorf("%d packages: the list is not read as it should be", seen)
	}
}

// TestJudgesArePure follows every import of those that judge, outside the standard library, and the first into it.
func TestJudgesArePure(t *testing.T) {
	packages := list(t)
	for path := range packages {
		name, ours := strings.CutPrefix(path, module)
		if !ours || name == driver || name != "policy" && !strings.HasPrefix(name, "policy/") {
			continue
		}
		for chain := range chains(packages, path) {
			last := strings.TrimPrefix(chain[len(chain)-1], module)
			for refused, reason := range reasons {
				if matches([]string{refused}, last) {
					t.Errorf("%s: %s", strings.Join(chain, " imports "), reason)
				}
			}
			if last == driver {
				t.Errorf("%s: only tests may import it", strings.Join(chain, " imports "))
			}
		}
	}
}

// chains yields the shortest way from a package to each that it needs. Into the standard library it makes one step.
func chains(packages map[string]listed, from string) func(func([]string) bool) {
	return func(yield func([]string) bool) {
		queue, seen := [][]string{{from}}, map[string]bool{from: true}
		for len(queue) > 0 {
			chain := queue[0]
			queue = queue[1:]
			for _, i := range packages[chain[len(chain)-1]].Imports {
				if seen[i] {
					continue
				}
				seen[i] = true
				next := append(slices.Clone(chain), i)
				if !yield(next) {
					return
				}
				// What a module of others reads for itself is not looked into: jsontext asks for no file either.
				if strings.HasPrefix(i, module) {
					queue = append(queue, next)
				}
			}
		}
	}
}

// allows reports whether an entry of depguard's list is about an import.
func allows(entry, path string) bool {
	if one, exact := strings.CutSuffix(entry, "$"); exact {
		return one == path
	}
	return strings.HasPrefix(path, entry)
}

// matches reports whether one of the patterns is the path, or ends in /... and is above it.
func matches(patterns []string, path string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		if above, all := strings.CutSuffix(p, "..."); all {
			return strings.HasPrefix(path, above)
		}
		return p == path
	})
}

// list asks the go command for every package of policy/... and webhook/source, and what they need.
func list(t *testing.T) map[string]listed {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-json=ImportPath,Standard,Imports", "./...", "../webhook/source")
	var failure strings.Builder
	cmd.Stderr = &failure
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &failure)
	}
	packages := map[string]listed{}
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages[p.ImportPath] = p
	}
}
