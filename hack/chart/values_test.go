//go:build e2e

package main

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"
)

// Every value has a type in the schema, a default in values.yaml and a description in README.md, and nothing else has.
func TestValuesAgree(t *testing.T) {
	schema := map[string]any{}
	readFile(t, "values.schema.json", json.Unmarshal, &schema)
	values := map[string]any{}
	readFile(t, "values.yaml", func(text []byte, into any) error { return yaml.Unmarshal(text, into) }, &values)
	text, err := os.ReadFile(chart + "/README.md")
	if err != nil {
		t.Fatal(err)
	}
	var documented []string
	for _, row := range regexp.MustCompile(`(?m)^\| ([a-z]\S*) \| \w+ \| .+ \| (.*) \|$`).FindAllStringSubmatch(string(text), -1) {
		if row[2] == "" {
			t.Errorf("%s has no description", row[1])
		}
		documented = append(documented, row[1])
	}
	slices.Sort(documented)
	typed := schemaPaths(schema, schema, "")
	slices.Sort(typed)
	if diff := cmp.Diff(documented, typed); diff != "" {
		t.Errorf("README.md and values.schema.json (-README +schema):\n%s", diff)
	}
	for _, path := range typed {
		if _, ok := lookup(values, path); !ok {
			t.Errorf("%s has no default in values.yaml", path)
		}
	}
}

func readFile(t *testing.T, name string, decode func([]byte, any) error, into any) {
	t.Helper()
	text, err := os.ReadFile(chart + "/" + name)
	if err == nil {
		err = decode(text, into)
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// schemaPaths returns the paths of all values whose type is not an object of ours.
func schemaPaths(schema, at map[string]any, path string) []string {
	if ref, ok := at["$ref"].(string); ok {
		target, _ := lookup(schema, strings.ReplaceAll(strings.TrimPrefix(ref, "#/"), "/", "."))
		at, _ = target.(map[string]any)
	}
	properties, ours := at["properties"].(map[string]any)
	if !ours || freeForm[path] {
		return []string{path}
	}
	var out []string
	for name, property := range properties {
		if path == "" && name == "global" { // Helm's own
			continue
		}
		child, _ := property.(map[string]any)
		out = append(out, schemaPaths(schema, child, strings.TrimPrefix(path+"."+name, "."))...)
	}
	return out
}

// freeForm are values of which the schema knows the fields, as they are Kubernetes' own, and values.yaml none.
var freeForm = map[string]bool{"namespaceSelector": true, "certificates.certManager.issuerRef": true, "resources": true}

func lookup(at any, path string) (any, bool) {
	for _, name := range strings.Split(path, ".") {
		object, ok := at.(map[string]any)
		if !ok {
			return nil, false
		}
		if at, ok = object[name]; !ok {
			return nil, false
		}
	}
	return at, true
}
