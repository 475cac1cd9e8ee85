package rules_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/policytest"
	"github.com/bucketwarden/bucketwarden/policy/rules"
)

// TestYields shows of each rule that another one yields to a case about which the other one would say more without that.
func TestYields(t *testing.T) {
	t.Parallel()
	entries := 0
	for _, r := range rules.All {
		inputs := inputs(t, r)
		for i, to := range r.Yields.Document {
			entries++
			without := *r
			without.Yields.Document = slices.Delete(slices.Clone(r.Yields.Document), i, i+1)
			shows(t, r, &without, to, inputs)
		}
		for i, to := range r.Yields.Statement {
			entries++
			without := *r
			without.Yields.Statement = slices.Delete(slices.Clone(r.Yields.Statement), i, i+1)
			shows(t, r, &without, to, inputs)
		}
	}
	if entries < 20 {
		t.Errorf("%d entries: they are not read as they should be", entries)
	}
}

func shows(t *testing.T, r, without, to *policy.Rule, inputs []policy.Input) {
	t.Helper()
	if !slices.ContainsFunc(inputs, func(in policy.Input) bool { return said(without, in) > said(r, in) }) {
		t.Errorf("%s %s yields to %s: no case in its folder shows that", r.ID, r.Name, to.ID)
	}
}

// said is how many findings a rule has. A check that is never called about such a document may panic, which counts as one.
func said(r *policy.Rule, in policy.Input) (findings int) {
	defer func() {
		if recover() != nil {
			findings = 1
		}
	}()
	return len(policy.Run([]*policy.Rule{r}, in).Findings)
}

// inputs are those of the cases of a rule.
func inputs(t *testing.T, r *policy.Rule) []policy.Input {
	t.Helper()
	names, err := filepath.Glob("testdata/" + r.Name + "/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var out []policy.Input
	for _, name := range names {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		in, err := policytest.Read(file)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out = append(out, in)
	}
	return out
}
