package space

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/bucketwarden/bucketwarden/policy/authz"
)

// ample is what a question of a test takes that has to be decided.
const ample = 5_000_000

// hardPolicy returns a policy that allows a request exactly when a random formula of clauses has a solution: each
// clause is a Deny of what its three tags must not be together.
func hardPolicy(g *rand.Rand, variables, clauses int) string {
	statements := []any{map[string]any{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}}
	for range clauses {
		equal := map[string]map[string]string{"StringEquals": {}, "StringNotEquals": {}}
		for range 3 {
			equal[[]string{"StringEquals", "StringNotEquals"}[g.IntN(2)]][fmt.Sprintf("aws:PrincipalTag/%d", g.IntN(variables))] = "1"
		}
		for op, keys := range equal {
			if len(keys) == 0 {
				delete(equal, op)
			}
		}
		statements = append(statements, map[string]any{
			"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Condition": equal,
		})
	}
	raw, _ := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": statements})
	return string(raw)
}

func TestHardPoliciesEndWithinBudget(t *testing.T) {
	g := rand.New(rand.NewPCG(9, 10))
	counts := map[Answer]int{}
	for _, variables := range []int{5, 10, 20, 40} {
		for range 3 {
			doc := parse(t, hardPolicy(g, variables, variables*43/10))
			v := Access(doc, Strangers, Steps(AdmissionBudget))
			counts[v.Answer]++
			switch v.Answer {
			case Found:
				if got := authz.Decide(doc, *v.Witness).Decision; got != authz.Allowed {
					t.Errorf("%d tags: the witness is %s", variables, got)
				}
			case None:
				checkProofs(t, v)
			}
			if v := Access(doc, Strangers, Steps(1)); v.Answer != Undecided || v.Reason == "" {
				t.Errorf("%d tags: %v with one step", variables, v.Answer)
			}
		}
	}
	if counts[Found] == 0 || counts[None] == 0 {
		t.Errorf("no variety: %v", counts)
	}
}

// Keys that many starry patterns exclude: what is left of them is the hard question of languages.
func TestStarryPoliciesEndWithinBudget(t *testing.T) {
	g := rand.New(rand.NewPCG(11, 12))
	pattern := func() string {
		s := "arn:aws:s3:::b/*"
		for range 3 + g.IntN(3) {
			s += string(rune('a'+g.IntN(20))) + []string{"*", "?*", "??"}[g.IntN(3)]
		}
		return s + "*"
	}
	for _, n := range []int{5, 50, 400} {
		var allowed, denied []string
		for range n {
			allowed, denied = append(allowed, pattern()), append(denied, pattern())
		}
		raw, _ := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": []any{
			map[string]any{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": allowed},
			map[string]any{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": denied},
			map[string]any{"Effect": "Deny", "Principal": "*", "Action": "*", "NotResource": denied[1:]},
		}})
		doc := parse(t, string(raw))
		if v := Access(doc, Everyone, Steps(AdmissionBudget)); v.Answer == Found {
			t.Errorf("%d patterns: everything is denied, but %+v", n, v.Witness)
		}
	}
}

// Whatever the budget, an answer is that of a larger one or Undecided.
func TestSmallBudgets(t *testing.T) {
	g := gen{rand.New(rand.NewPCG(13, 14))}
	for range 100 {
		old, new := parse(t, g.document(false)), parse(t, g.document(false))
		want := NewAccess(old, new, Steps(ample)).Answer
		for _, steps := range []int{0, 1, 3, 10, 30, 100, 300} {
			if got := NewAccess(old, new, Steps(steps)).Answer; got != Undecided && got != want {
				t.Fatalf("%v with %d steps, %v with many\n%s\n%s", got, steps, want, old.Text(), new.Text())
			}
		}
	}
}

// A budget may end at any step, also in the last look of the last caller.
func TestEveryBudget(t *testing.T) {
	if testing.Short() {
		t.Skip("a sweep, which -short leaves out")
	}
	g := gen{rand.New(rand.NewPCG(15, 16))}
	docs := []string{hardPolicy(rand.New(rand.NewPCG(9, 10)), 5, 12)}
	for range 30 {
		docs = append(docs, g.document(false))
	}
	for _, text := range docs {
		doc := parse(t, text)
		want := Access(doc, AnonymousCallers, Steps(ample)).Answer
		for steps := range 600 {
			v := Access(doc, AnonymousCallers, Steps(steps))
			if v.Answer != Undecided && v.Answer != want {
				t.Fatalf("%v with %d steps, %v with many\n%s", v.Answer, steps, want, text)
			}
			if v.Answer == want && steps%20 == 0 {
				checkProofs(t, v)
			}
		}
	}
}
