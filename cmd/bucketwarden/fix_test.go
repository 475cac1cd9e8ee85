package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
	"golang.org/x/tools/txtar"
	jsonpatch "gopkg.in/evanphx/json-patch.v4"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// TestFixIsThePatch fixes every document of the rules' cases in a manifest, in every style of YAML, and holds that the
// API server would then get just what the webhook's patch makes of the old manifest; and that there is no more to fix.
func TestFixIsThePatch(t *testing.T) {
	if testing.Short() {
		t.Skip("a sweep, which -short leaves out")
	}
	names, err := filepath.Glob("../../policy/rules/testdata/*/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	fixed := 0
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		archive := txtar.Parse(text)
		i := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == "policy.json" })
		if i < 0 {
			continue
		}
		document := string(archive.Files[i].Data)
		for _, style := range []yaml.Style{yaml.LiteralStyle, yaml.FoldedStyle, yaml.SingleQuotedStyle, yaml.DoubleQuotedStyle} {
			if fixOne(t, name, bucketManifest(t, document, style)) {
				fixed++
			}
		}
	}
	if fixed < 20 {
		t.Errorf("only %d manifests had anything to fix", fixed)
	}
}

func bucketManifest(t *testing.T, document string, style yaml.Style) string {
	t.Helper()
	value := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: document, Style: style}
	text, err := yaml.Marshal(map[string]any{
		"apiVersion": "s3.services.k8s.aws/v1alpha1", "kind": "Bucket", "metadata": map[string]any{"name": "logs"},
		"spec": map[string]any{
			"name": "logs", "policy": value, "acl": "private",
			"ownershipControls": map[string]any{"rules": []any{map[string]any{"objectOwnership": "BucketOwnerEnforced"}}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return "# before\n" + string(text) + "# after\n"
}

// fixOne reports whether there was anything to fix.
func fixOne(t *testing.T, name, text string) bool {
	t.Helper()
	in, all := judgeText(t, text)
	if len(all) == 0 || len(all[0].Patch) == 0 {
		return false
	}
	files := in.Fix(all)
	if len(in.Errs) > 0 {
		t.Errorf("%s: %v", name, in.Errs)
		return false
	}
	want := applyPatch(t, all[0])
	_, again := judgeText(t, files[0].Text)
	if got := again[0].Item.Object; !reflect.DeepEqual(got, want) {
		t.Errorf("%s: %s\nbecame %s\nwhich is %v\nwant %v", name, text, files[0].Text, got, want)
	}
	if len(again[0].Patch) > 0 {
		t.Errorf("%s: fixed twice: %v", name, again[0].Patch)
	}
	if out := files[0].Text; !strings.HasPrefix(out, "# before\n") || !strings.HasSuffix(out, "# after\n") {
		t.Errorf("%s: lost a comment: %s", name, out)
	}
	return true
}

func judgeText(t *testing.T, text string) (*files.Inputs, []files.Judged) {
	t.Helper()
	f, err := manifest.Parse("a.yaml", text)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	in := files.Of(f)
	return in, slices.Collect(in.Judge(t.Context(), review.Reviewer{Rules: rules.All, Level: policy.Baseline}))
}

// applyPatch is what the API server makes of an object and a patch.
func applyPatch(t *testing.T, j files.Judged) map[string]any {
	t.Helper()
	operations, err := json.Marshal(j.Patch)
	if err != nil {
		t.Fatal(err)
	}
	patch, err := jsonpatch.DecodePatch(operations)
	if err != nil {
		t.Fatal(err)
	}
	object, err := json.Marshal(j.Item.Object)
	if err != nil {
		t.Fatal(err)
	}
	patched, err := patch.Apply(object)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(patched, &out); err != nil {
		t.Fatal(err)
	}
	return out
}
