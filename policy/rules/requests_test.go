package rules

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// TestLives holds every look at a statement of the cases against the search that it spares.
func TestLives(t *testing.T) {
	names, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	looked := 0
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range txtar.Parse(text).Files {
			in := policy.NewInput(policy.BucketPolicy, string(file.Data), policy.Bucket{})
			if file.Name != "policy.json" || in.Document == nil || len(in.Findings(missingElement)) > 0 || len(in.Text) > 8<<10 {
				continue
			}
			deny := in.Document.Only(func(s *iam.Statement) bool { return s.Effect == iam.Deny })
			refused := func(i int) bool {
				return slices.ContainsFunc(refusals, func(r *policy.Rule) bool { return anyAbout(in.Findings(r), i) })
			}
			for i := range in.Document.Statements {
				if refused(i) || !lives(in, &in.Document.Statements[i], deny, spared(deny)) {
					continue
				}
				looked++
				if space.Decides(in.Document, i, space.Steps(space.AdmissionBudget)).Answer == space.None {
					t.Errorf("%s: Statement[%d] decides nothing", name, i)
				}
			}
		}
	}
	if looked < 200 {
		t.Errorf("%d statements: too few to show anything", looked)
	}
}
