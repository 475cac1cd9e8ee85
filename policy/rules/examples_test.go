package rules_test

import (
	"io/fs"
	"testing"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/policytest"
	"github.com/bucketwarden/bucketwarden/policy/rules"
)

// TestExamples judges the two cases of each rule that its pages show: of the bad one the rule says something, and in the good
// one, which people copy, no rule finds anything to refuse or to warn of at the strictest level.
func TestExamples(t *testing.T) {
	t.Parallel()
	shown := func(r *policy.Rule, kind string) policy.Input {
		file, err := fs.ReadFile(rules.Examples, "testdata/"+r.Name+"/"+kind+"-example.txtar")
		if err != nil {
			t.Fatal(err)
		}
		in, err := policytest.Read(file)
		if err != nil {
			t.Fatalf("%s: %v", r.Name, err)
		}
		return in
	}
	// A Deny of plain HTTP belongs in every policy, and would hide in each example what it is there to show.
	besides := map[string]bool{"BW601": true}
	for _, r := range rules.All {
		if len(shown(r, "bad").Findings(r)) == 0 {
			t.Errorf("%s says nothing about its bad example", r.ID)
		}
		for _, f := range policy.Run(rules.All, shown(r, "ok")).Findings {
			if (policy.Restricted.Action(f) > policy.Audit || policy.Baseline.Action(f) > policy.Audit) && !besides[f.Rule.ID] {
				t.Errorf("of the good example of %s: %s %s", r.ID, f.Rule.ID, f.Message)
			}
		}
	}
}
