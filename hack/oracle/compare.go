package main

import (
	"fmt"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// relation is how our answer to a pair and a peer's stand to each other.
type relation int

const (
	skipped relation = iota // the peer does not take the pair
	open                    // ours is Undecided
	agreed
	differs
)

// comparison is a pair as one peer sees it, with both answers.
type comparison struct {
	pair   pair
	doc    *iam.Document
	ours   authz.Result
	theirs answer
}

func (c comparison) relation() relation {
	switch {
	case c.theirs.skipped != "":
		return skipped
	case c.ours.Decision == c.theirs.decision:
		return agreed
	case c.ours.Decision != authz.Undecided:
		return differs
	case c.ours.NotAllowed && c.theirs.decision == authz.Allowed:
		return differs // Undecided, but sure about this
	}
	return open
}

// compare asks Decide and a peer about the pairs, all in the peer's view.
func compare(by peer, pairs []pair) ([]comparison, error) {
	views := make([]pair, len(pairs))
	for i, p := range pairs {
		views[i] = by.view(p)
	}
	answers, err := by.answers(views)
	if err != nil {
		return nil, err
	}
	out := make([]comparison, len(pairs))
	for i, p := range views {
		doc, err := iam.Parse(p.document())
		if err != nil {
			return nil, fmt.Errorf("pair %d: %w in %s", p.id, err, p.document())
		}
		out[i] = comparison{p, doc, authz.Decide(doc, p.request), answers[i]}
	}
	return out, nil
}
