package files

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// TestHoldsForEveryFilling puts holes into policies, and fills them with all kinds of values: what was found of the policy with
// the holes has to be found of each of those.
func TestHoldsForEveryFilling(t *testing.T) {
	corpus := policies(t)
	r := rand.New(rand.NewPCG(3, 4))
	rounds := 400
	if testing.Short() {
		rounds = 150
	}
	kept, inOpen := 0, 0
	for range rounds {
		doc := corpus[r.IntN(len(corpus))]
		template, cuts := withHoles(r, doc)
		if len(cuts) == 0 {
			continue
		}
		found, open := reviewed(t, "kro.run/v1alpha1", template), strings.Contains(template, "${hole")
		if !open || len(found) == 0 {
			continue
		}
		kept += len(found)
		for range 4 {
			filled := template
			for i, cut := range cuts {
				filled = strings.ReplaceAll(filled, fmt.Sprintf("${hole%d}", i), value(r, corpus, cut))
			}
			if _, err := iam.Parse(filled); err != nil {
				continue
			}
			all := reviewed(t, "", filled)
			for at := range found {
				if strings.Contains(at, "Statement[") {
					inOpen++
				}
				if !all[at] && !yielded(at, all) {
					t.Errorf("%s is said of\n%s\nand not found in\n%s\nin which there is %v", at, template, filled, all)
				}
			}
		}
	}
	if kept < rounds/8 || inOpen < rounds/8 {
		t.Errorf("%d findings of %d policies with holes, %d times about a statement: too few to show anything", kept, rounds, inOpen)
	}
}

// policies returns the bucket policies of the rules' cases.
func policies(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("../../../policy/rules/testdata/*/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range txtar.Parse(text).Files {
			doc, err := iam.Parse(string(f.Data))
			if f.Name == "policy.json" && err == nil && len(doc.Statements) < 8 && len(f.Data) < 4000 && !doc.IsIdentityPolicy() && !strings.Contains(string(f.Data), "${") {
				out = append(out, string(f.Data))
			}
		}
	}
	return out
}

// withHoles puts one to three holes into the strings of a document. cuts is what they are in the place of.
func withHoles(r *rand.Rand, doc string) (text string, cuts []string) {
	var b strings.Builder
	parts := strings.Split(doc, `"`)
	for i, part := range parts {
		if i > 0 {
			b.WriteByte('"')
		}
		name := i+1 < len(parts) && strings.HasPrefix(strings.TrimSpace(parts[i+1]), ":")
		if i%2 == 1 && len(cuts) < 3 && (!name || r.IntN(20) == 0) && r.IntN(8) == 0 && part != "" && !strings.Contains(part, `\`) {
			from := r.IntN(len(part))
			to := from + 1 + r.IntN(len(part)-from)
			fmt.Fprintf(&b, "%s${hole%d}%s", part[:from], len(cuts), part[to:])
			cuts = append(cuts, part[from:to])
			continue
		}
		b.WriteString(part)
	}
	return b.String(), cuts
}

// value returns something that a hole may be filled with: what stood there, something of another policy, a wildcard.
func value(r *rand.Rand, corpus []string, cut string) string {
	parts := strings.Split(corpus[r.IntN(len(corpus))], `"`)
	switch r.IntN(6) {
	case 0:
		return cut
	case 1:
		return []string{"*", "?", "", "a/*", "*:*", "111122223333", "site", "false", "Deny", "root"}[r.IntN(10)]
	}
	if part := parts[r.IntN(len(parts)/2)*2+1]; !strings.Contains(part, `\`) {
		return part[r.IntN(len(part)+1):]
	}
	return cut
}

// reviewed returns what is found of a policy: in a template of the group, or in an object as it is.
func reviewed(t *testing.T, template, doc string) map[string]bool {
	t.Helper()
	bucket := map[string]any{"apiVersion": "s3.services.k8s.aws/v1alpha1", "kind": "Bucket", "metadata": map[string]any{"name": "b"},
		"spec": map[string]any{"policy": doc}}
	object := bucket
	if template != "" {
		object = map[string]any{"apiVersion": template, "kind": "ResourceGraphDefinition",
			"spec": map[string]any{"resources": []any{map[string]any{"template": bucket}}}}
	}
	text, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	f, err := manifest.Parse("a.json", string(text))
	if err != nil || len(f.Items) != 1 {
		t.Fatalf("%s: %d items, %v", text, len(f.Items), err)
	}
	in := Of(f)
	out := map[string]bool{}
	for j := range in.Judge(t.Context(), review.Reviewer{Rules: rules.All, Level: policy.Restricted, Now: time.Unix(0, 0)}) {
		for _, f := range j.Findings {
			out[f.Rule.ID+" "+string(f.At)] = true
		}
	}
	if err := in.Finish(io.Discard); err != nil {
		t.Fatal(err)
	}
	return out
}

// yielded reports whether a rule has left the word to another.
func yielded(at string, all map[string]bool) bool {
	id, place, _ := strings.Cut(at, " ")
	rule := rules.All[slices.IndexFunc(rules.All, func(r *policy.Rule) bool { return r.ID == id })]
	statement, _, _ := strings.Cut(place, "].")
	for other := range all {
		first, where, _ := strings.Cut(other, " ")
		is := func(r *policy.Rule) bool { return r.ID == first }
		if slices.ContainsFunc(rule.Yields.Document, is) || slices.ContainsFunc(rule.Yields.Statement, is) && strings.HasPrefix(where, statement) {
			return true
		}
	}
	return false
}
