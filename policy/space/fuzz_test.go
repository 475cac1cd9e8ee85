package space

import (
	"math/rand/v2"
	"testing"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// FuzzCompare compares any two documents both ways within the budget of an admission request.
func FuzzCompare(f *testing.F) {
	for i, r := range relations(f) {
		if !testing.Short() || i%20 == 0 {
			f.Add(string(r.Old), string(r.New))
		}
	}
	g := gen{rand.New(rand.NewPCG(17, 18))}
	for i := range 40 {
		f.Add(g.document(i%4 == 0), g.document(i%4 == 0))
	}
	var requests []authz.Request
	for range 60 {
		requests = append(requests, g.request())
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if len(a)+len(b) > 8192 { // more of the same, slower
			return
		}
		old, err := iam.Parse(a)
		if err != nil {
			return
		}
		new, err := iam.Parse(b)
		if err != nil {
			return
		}
		if _, _, err := holdPair(old, new, Steps(AdmissionBudget), requests); err != nil {
			t.Error(err)
		}
		if err := holdMetamorphic(old, new, Steps(AdmissionBudget)); err != nil {
			t.Error(err)
		}
	})
}
