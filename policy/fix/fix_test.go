package fix_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/fix"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

var update = flag.Bool("update", false, "write the want section of the cases in testdata")

// eachCase gives every file of testdata/dir to got, which returns what its want section should be.
func eachCase(t *testing.T, dir string, got func(t *testing.T, files map[string]string) string) {
	names, err := filepath.Glob(filepath.Join("testdata", dir, "*.txtar"))
	if err != nil || len(names) == 0 {
		t.Fatalf("testdata/%s: no cases (%v)", dir, err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files := map[string]string{}
			for _, f := range archive.Files {
				files[f.Name] = string(f.Data)
			}
			last := &archive.Files[len(archive.Files)-1]
			if last.Name != "want" {
				t.Fatalf("%s: the last section is %q, not want", name, last.Name)
			}
			want := got(t, files)
			if *update {
				last.Data = []byte(want)
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if diff := cmp.Diff(string(last.Data), want); diff != "" {
				t.Errorf("%s (-want +got):\n%s", archive.Comment, diff)
			}
		})
	}
}

// TestApply makes the edits of the edits section: a path to remove, or a path and what is to stand there.
func TestApply(t *testing.T) {
	eachCase(t, "apply", func(t *testing.T, files map[string]string) string {
		doc := parse(t, files["policy.json"])
		var fixes []policy.Fix
		for line := range strings.Lines(strings.TrimSpace(files["edits"])) {
			fixes = append(fixes, policy.Fix{Edits: []iam.Edit{edit(t, doc, strings.TrimSpace(line))}})
		}
		fixed, err := fix.Apply(doc, fixes)
		if err != nil {
			return "error: " + err.Error() + "\n"
		}
		return strings.TrimSuffix(fixed.Text(), "\n") + "\n"
	})
}

func edit(t *testing.T, doc *iam.Document, line string) iam.Edit {
	verb, rest, _ := strings.Cut(line, " ")
	switch verb {
	case "compact":
		return iam.Edit{New: doc.Root()}
	case "remove":
		return iam.Edit{At: iam.Path(rest)}
	case "set":
		at, text, _ := strings.Cut(rest, " ")
		return iam.Edit{At: iam.Path(at), New: iam.NewString(text)}
	}
	t.Fatalf("edit %q is none of compact, remove PATH, set PATH TEXT", line)
	return iam.Edit{}
}

// TestProofs says of the step from old.json to new.json whether it narrows, and for each thing that may be known about
// the bucket whether it preserves.
func TestProofs(t *testing.T) {
	buckets := []struct {
		name      string
		ownership policy.Fact[policy.Ownership]
	}{
		{"declared", policy.Fact[policy.Ownership]{Value: policy.BucketOwnerEnforced, Origin: policy.Declared}},
		{"sibling", policy.Fact[policy.Ownership]{Value: policy.BucketOwnerEnforced, Origin: policy.Sibling}},
		{"default", policy.Fact[policy.Ownership]{Value: policy.BucketOwnerEnforced, Origin: policy.AWSDefault}},
		{"writer", policy.Fact[policy.Ownership]{Value: policy.ObjectWriter, Origin: policy.Declared}},
	}
	eachCase(t, "prove", func(t *testing.T, files map[string]string) string {
		before, after := parse(t, files["old.json"]), parse(t, files["new.json"])
		var b strings.Builder
		if err := fix.Narrows(before, after); err != nil {
			fmt.Fprintf(&b, "narrows: not proved: %v\n", err)
		} else {
			fmt.Fprintln(&b, "narrows: proved")
		}
		for _, bucket := range buckets {
			fmt.Fprintf(&b, "%s: %s\n", bucket.name, preserves(t, before, after, policy.Bucket{Ownership: bucket.ownership}))
		}
		return b.String()
	})
}

func preserves(t *testing.T, before, after *iam.Document, bucket policy.Bucket) string {
	proof, err := fix.Preserves(before, after, bucket)
	if err != nil {
		if proof != (fix.Proof{}) {
			t.Errorf("an error beside proof %v", proof)
		}
		return "not proved: " + err.Error()
	}
	if proof.Residual == nil {
		return string(proof.Grade)
	}
	residual, err := json.Marshal(proof.Residual)
	if err != nil {
		t.Fatal(err)
	}
	return string(proof.Grade) + " but for " + string(residual)
}

func parse(t *testing.T, text string) *iam.Document {
	t.Helper()
	doc, err := iam.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}
