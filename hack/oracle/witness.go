package main

import (
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// claim is a witness of package space with one document, and what it says that the document makes of it.
type claim struct {
	pair
	allowed bool
}

// witnesses asks the engine about one random pair of documents: what the second allows and the first does not, the other
// way round, and who gets in at all. Each request that it shows is a claim or two.
func witnesses(seed uint64, i int) ([]claim, error) {
	g := generator{rand.New(rand.NewPCG(seed, uint64(i)<<1|1))} //nolint:gosec // the same seed has to make the same pairs
	d := g.draft()
	a, b := g.policy(d.pair(0, nil)), g.policy(g.change(d).pair(0, nil))
	old, err := iam.Parse(encode(a))
	if err != nil {
		return nil, err
	}
	new, err := iam.Parse(encode(b))
	if err != nil {
		return nil, err
	}
	other, err := iam.Parse(elsewhere())
	if err != nil {
		return nil, err
	}
	c := space.Compare(old, new, space.Steps(space.AdmissionBudget), other)
	var out []claim
	add := func(v space.Verdict, allows, denies map[string]any) {
		if v.Answer != space.Found {
			return
		}
		r := *v.Witness
		r.Account = "111122223333"
		follows := authz.DerivedKeys(r.Principal)
		maps.DeleteFunc(follows, func(key string, _ []string) bool { _, ok := r.Context.Lookup(key); return ok })
		out = append(out, claim{pair{i, allows, r, follows}, true})
		if denies != nil {
			out = append(out, claim{pair{i, denies, r, follows}, false})
		}
	}
	add(c.New, b, a)
	add(c.Lost, a, b)
	add(space.Access(new, space.Everyone, space.Steps(space.AdmissionBudget), other), b, nil)
	return out, nil
}

// elsewhere is a document that allows what the policies of our buckets do not speak of. The engine is to show something
// else: the simulator takes no such request.
func elsewhere() string {
	var names []string
	for a := range catalog.Actions() {
		if a.InBucketPolicy() && strings.HasPrefix(a.Name(), "s3:") {
			names = append(names, a.Name())
		}
	}
	allow := func(element string, values ...string) map[string]any {
		s := map[string]any{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", element: values}
		delete(s, strings.TrimPrefix(element, "Not"))
		return s
	}
	return encode(map[string]any{"Version": iam.Version2012, "Statement": []any{
		allow("NotAction", names...), allow("NotResource", "arn:aws:s3:::b", "arn:aws:s3:::b-logs", "arn:aws:s3:::b*/?*"),
	}})
}

// witnessTally counts what a peer makes of claims.
type witnessTally struct{ claims, confirmed, differ, notTaken int }

// workWitnesses does the share of one worker.
func workWitnesses(o options, worker int, by peer, t *tally) error {
	for first := worker * batch; first < o.witnesses; first += o.workers * batch {
		var claims []claim
		for i := first; i < min(first+batch, o.witnesses); i++ {
			some, err := witnesses(o.seed, i)
			if err != nil {
				return err
			}
			claims = append(claims, some...)
		}
		if err := t.confirm(by, claims); err != nil {
			return err
		}
	}
	return nil
}

// confirm asks a peer about claims. One that it contradicts has to belong to a known class.
func (t *tally) confirm(by peer, claims []claim) error {
	pairs := make([]pair, len(claims))
	for i, c := range claims {
		pairs[i] = c.pair
	}
	all, err := compare(by, pairs)
	if err != nil {
		return err
	}
	for i, c := range all {
		t.witnesses.claims++
		allowed := claims[i].allowed
		switch {
		case allowed != (c.ours.Decision == authz.Allowed), !allowed && !c.ours.NotAllowed:
			return fmt.Errorf("a witness is none, Decide says %s: %s", c.ours.Decision, c.pair)
		case c.theirs.skipped != "":
			t.witnesses.notTaken++
			t.peers[by.name()].reasons["witness: "+c.theirs.skipped]++
		case allowed == (c.theirs.decision == authz.Allowed):
			t.witnesses.confirmed++
		default:
			t.witnesses.differ++
			if err := t.difference(by, c); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *witnessTally) add(o witnessTally) {
	w.claims += o.claims
	w.confirmed += o.confirmed
	w.differ += o.differ
	w.notTaken += o.notTaken
}

func (w witnessTally) report(out io.Writer, pairs int) {
	fmt.Fprintf(out, "\nwitnesses of %d pairs of documents: %d claims, %d confirmed by iam-simulate, %d contradicted, %d not taken\n",
		pairs, w.claims, w.confirmed, w.differ, w.notTaken)
}
