package rules_test

import (
	"testing"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/public"
	"github.com/bucketwarden/bucketwarden/policy/rules"
)

// TestWitnesses asks the plain evaluator about what findings show, in the documents of all cases: who gets in, who is cut off
// and who gets by.
func TestWitnesses(t *testing.T) {
	if testing.Short() {
		t.Skip("a sweep, which -short leaves out")
	}
	allowed := func(d authz.Decision) bool { return d == authz.Allowed }
	denied := func(d authz.Decision) bool { return d == authz.ExplicitDeny }
	spared := func(d authz.Decision) bool { return d != authz.ExplicitDeny }
	want := map[string]func(authz.Decision) bool{
		"BW201": allowed, "BW202": allowed, "BW401": allowed, "BW402": allowed, "BW403": allowed, "BW406": allowed,
		"BW407": spared, "BW408": allowed, "BW501": allowed, "BW502": allowed, "BW504": denied, "BW506": spared,
	}
	seen := map[string]int{}
	for _, text := range documents(t) {
		in := policy.NewInput(policy.BucketPolicy, text, known)
		in.Old = empty
		untrusting := policy.Run(rules.All, in).Findings
		in.Profile = profiled
		in.Trust = &public.Trust{Organizations: []string{"o-a1b2c3d4e5"}, Services: []string{"cloudtrail.amazonaws.com"}}
		for _, f := range append(untrusting, policy.Run(rules.All, in).Findings...) {
			holds, ok := want[f.Rule.ID]
			if !ok || f.Witness == nil {
				continue
			}
			seen[f.Rule.ID]++
			if got := authz.Decide(in.Document, *f.Witness).Decision; !holds(got) {
				t.Errorf("%s: %s: the witness %+v is %s\n%s", f.Rule.ID, f.Message, *f.Witness, got, text)
			}
		}
	}
	for id := range want {
		if seen[id] < 3 {
			t.Errorf("%s: %d witnesses are too few to show anything", id, seen[id])
		}
	}
}
