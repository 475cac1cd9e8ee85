//go:build e2e

package e2e

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aymanbagabas/go-udiff"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

var update = flag.Bool("update", false, "write what the API server answers into testdata")

// TestCreate creates the object.yaml of each archive. What comes back stands beside it: denied, the lines of the
// refusal; warnings; spec.diff, what is stored otherwise than it was sent. Of a finding it is the rule and the place: the
// words in between are tested where they are made.
func TestCreate(t *testing.T) {
	baseline(t)
	files, err := filepath.Glob("testdata/create/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if len(archive.Files) == 0 || archive.Files[0].Name != "object.yaml" {
				t.Fatal("object.yaml does not come first")
			}
			answers := create(t, object(t, string(archive.Files[0].Data)))
			if *update {
				archive.Files = append(archive.Files[:1], answers...)
				if err := os.WriteFile(file, txtar.Format(archive), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(describe(archive.Files[1:]), describe(answers)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func describe(files []txtar.File) string {
	return string(txtar.Format(&txtar.Archive{Files: files}))
}

// denied comes before what the gate says.
const denied = `admission webhook "review.bucketwarden.dev" denied the request: `

func create(t *testing.T, obj *unstructured.Unstructured) []txtar.File {
	t.Helper()
	p := newPerson(t)
	sent := obj.DeepCopy()
	var answers []txtar.File
	add := func(name, data string) { answers = append(answers, txtar.File{Name: name, Data: []byte(data)}) }
	if err := p.Create(t.Context(), obj); err != nil {
		text, ok := strings.CutPrefix(status(t, err).Message, denied)
		if !ok {
			t.Fatalf("not refused by the gate: %v", err)
		}
		add("denied", inShort(text)+"\n")
	} else {
		defer p.remove(obj)
	}
	if warnings := p.warnings(); len(warnings) > 0 {
		add("warnings", inShort(strings.Join(slices.Sorted(slices.Values(warnings)), "\n"))+"\n")
	}
	if diff := unified(t, sent, obj); len(answers) > 0 && answers[0].Name != "denied" || diff != "" {
		add("spec.diff", diff)
	}
	return answers
}

var finding = regexp.MustCompile(`(?m)^((?:patched: )?BW[0-9]{3} [a-z0-9-]+): .* (\([^()]*\))$`)

// inShort leaves out what each line says in words.
func inShort(lines string) string { return finding.ReplaceAllString(lines, "$1 $2") }

// unified returns what differs in the spec, defaults of the schema aside.
func unified(t *testing.T, sent, stored *unstructured.Unstructured) string {
	t.Helper()
	sides := make([]string, 2)
	for i, obj := range []*unstructured.Unstructured{sent, stored} {
		spec, _, err := unstructured.NestedMap(obj.Object, "spec")
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range []string{"deletionPolicy", "managementPolicies", "providerConfigRef"} {
			delete(spec, d)
		}
		text, err := yaml.Marshal(spec)
		if err != nil {
			t.Fatal(err)
		}
		sides[i] = string(text)
	}
	return udiff.Unified("sent", "stored", sides[0], sides[1])
}
