package review

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
	"sigs.k8s.io/yaml"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/webhook/inventory"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// What an inventory keeps of an object is judged as the object is.
func TestTrimmed(t *testing.T) {
	files, _ := filepath.Glob("../source/testdata/read/*.txtar")
	reviewer, findings := Reviewer{Rules: rules.All, Level: policy.Restricted}, 0
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			var obj map[string]any
			if !strings.HasSuffix(f.Name, ".yaml") || yaml.Unmarshal(f.Data, &obj) != nil {
				continue
			}
			want, ok, err := reviewer.Object(t.Context(), obj, &inventory.Index{})
			got, again, failed := reviewer.Object(t.Context(), source.Trim(obj), &inventory.Index{})
			if ok != again || (err == nil) != (failed == nil) {
				t.Errorf("%s %s: %v, %v and, trimmed, %v, %v", file, f.Name, ok, err, again, failed)
			}
			findings += len(want.Findings)
			if diff := cmp.Diff(told(want), told(got)); diff != "" {
				t.Errorf("%s %s, -whole +trimmed:\n%s", file, f.Name, diff)
			}
		}
	}
	if findings == 0 {
		t.Error("no object is in the wrong")
	}
}

// told is what people see of a review.
func told(v Review) []string {
	out := []string{string(v.Verdict())}
	for _, f := range v.Findings {
		out = append(out, strings.Join([]string{f.Rule.ID, f.Action.String(), f.Field, f.Message}, " "))
	}
	for _, op := range v.Patch {
		out = append(out, op.Json())
	}
	return out
}
