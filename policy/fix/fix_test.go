package fix_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/fix"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
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

// TestApply makes the edits of the edits section, each a fix: a path to remove, or a path and the text or the object that is to
// stand there.
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
		if strings.HasPrefix(text, "{") {
			var members map[string]any
			if err := json.Unmarshal([]byte(text), &members); err != nil {
				t.Fatal(err)
			}
			return iam.Edit{At: iam.Path(at), New: object(members)}
		}
		return iam.Edit{At: iam.Path(at), New: iam.NewString(text)}
	}
	t.Fatalf("edit %q is none of compact, remove PATH, set PATH TEXT", line)
	return iam.Edit{}
}

func object(members map[string]any) *iam.Value {
	var out []iam.Member
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if text, ok := members[name].(string); ok {
			out = append(out, iam.Member{Name: name, Value: iam.NewString(text)})
		} else {
			out = append(out, iam.Member{Name: name, Value: object(members[name].(map[string]any))})
		}
	}
	return iam.NewObject(out...)
}

// TestProofs says what is proved of the step from old.json to new.json, for each thing that may be known about the bucket.
func TestProofs(t *testing.T) {
	owner := func(o policy.Ownership, origin policy.Origin) policy.Bucket {
		return policy.Bucket{Ownership: policy.Fact[policy.Ownership]{Value: o, Origin: origin}}
	}
	buckets := []struct {
		name string
		policy.Bucket
	}{
		{"declared", owner(policy.BucketOwnerEnforced, policy.Declared)},
		{"sibling", owner(policy.BucketOwnerEnforced, policy.Sibling)},
		{"default", owner(policy.BucketOwnerEnforced, policy.AWSDefault)},
		{"writer", owner(policy.ObjectWriter, policy.Declared)},
	}
	eachCase(t, "prove", func(t *testing.T, files map[string]string) string {
		before, after := parse(t, files["old.json"]), parse(t, files["new.json"])
		narrows := fix.Narrows(before, after, space.Steps(space.AdmissionBudget))
		var answers, names []string // names are of the buckets with one answer
		for _, b := range buckets {
			answer := proof(t, before, after, b.Bucket, policy.Equivalent)
			if i := slices.Index(answers, answer); i >= 0 {
				names[i] += ", " + b.name
				continue
			}
			answers, names = append(answers, answer), append(names, b.name)
		}
		var out strings.Builder
		for i, answer := range answers {
			fmt.Fprintf(&out, "%s: %s\n", names[i], answer)
		}
		on := proof(t, before, after, buckets[0].Bucket, policy.Narrowing)
		if strings.HasPrefix(on, "not proved") != (narrows != nil) {
			t.Errorf("narrows: %v, and on purpose: %s", narrows, on)
		}
		if narrows == nil && strings.HasPrefix(on, string(fix.Narrower)) {
			fmt.Fprintf(&out, "on purpose: %s\n", on)
		}
		return out.String()
	})
}

func proof(t *testing.T, before, after *iam.Document, bucket policy.Bucket, class policy.Class) string {
	p, err := fix.Prove(policy.Input{Kind: policy.BucketPolicy, Document: before, Bucket: bucket}, after, class)
	switch {
	case err != nil && p != nil:
		t.Errorf("an error beside proof %v", p)
	case err != nil:
		return "not proved: " + err.Error()
	case (p.Boxes == 0) != (p.Steps == 0) && p.Boxes == 0:
		t.Errorf("%d boxes in %d steps", p.Boxes, p.Steps)
	}
	out := fmt.Sprintf("%s %v: %s", p.Grade, p.Statements, p.Claim)
	for _, r := range []*authz.Request{p.Residual, p.Lost} {
		if r != nil {
			out += "; but for " + r.String()
		}
	}
	return out
}

func parse(t testing.TB, text string) *iam.Document {
	t.Helper()
	doc, err := iam.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}
