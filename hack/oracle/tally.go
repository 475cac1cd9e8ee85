package main

import (
	"maps"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/authz"
)

// tally counts what came of the pairs.
type tally struct {
	pairs       int
	decisions   map[authz.Decision]int
	questions   map[string]int // that our Undecided answers name
	peers       map[string]*peerTally
	features    map[feature]*featureTally
	unexplained []difference
	witnesses   witnessTally
}

// peerTally is about one peer.
type peerTally struct {
	relations [differs + 1]int
	reasons   map[string]int  // for skipping
	known     map[string]int  // by class
	examples  map[string]pair // the shortest of each class
}

// featureTally is about the pairs in which a feature was decisive.
type featureTally struct {
	matches   [authz.Yes + 1]int
	relations map[string]*[differs + 1]int // by peer
}

// difference is one that no class explains.
type difference struct {
	peer    string
	minimal comparison
}

func newTally(peers []peer) *tally {
	t := &tally{
		decisions: map[authz.Decision]int{}, questions: map[string]int{}, peers: map[string]*peerTally{},
		features: map[feature]*featureTally{},
	}
	for _, p := range peers {
		t.peers[p.name()] = &peerTally{reasons: map[string]int{}, known: map[string]int{}, examples: map[string]pair{}}
	}
	return t
}

// count takes in one pair that every peer was asked about, whole being the comparison in which nothing is left out.
func (t *tally) count(whole comparison, by map[string]comparison) {
	t.pairs++
	t.decisions[whole.ours.Decision]++
	if whole.ours.Decision == authz.Undecided {
		t.questions[question(whole.ours.Reason)]++
	}
	for f, match := range decisive(whole.doc, whole.pair.request) {
		ft := t.features[f]
		if ft == nil {
			ft = &featureTally{relations: map[string]*[differs + 1]int{}}
			t.features[f] = ft
		}
		ft.matches[match]++
		for name, c := range by {
			if ft.relations[name] == nil {
				ft.relations[name] = new([differs + 1]int)
			}
			ft.relations[name][c.relation()]++
		}
	}
	for name, c := range by {
		p := t.peers[name]
		p.relations[c.relation()]++
		if c.relation() == skipped {
			p.reasons[c.theirs.skipped]++
		}
	}
}

func (p *peerTally) keepShortest(class string, example pair) {
	have, ok := p.examples[class]
	a, b := example.String(), have.String()
	if !ok || len(a) < len(b) || len(a) == len(b) && a < b {
		p.examples[class] = example
	}
}

// question is the reason of an Undecided result without the place.
func question(reason string) string {
	reason = strings.TrimPrefix(reason, "not allowed, perhaps denied: ")
	_, after, _ := strings.Cut(reason, ": ")
	return after
}

// merge adds what another tally counted.
func (t *tally) merge(o *tally) {
	t.pairs += o.pairs
	add(t.decisions, o.decisions)
	add(t.questions, o.questions)
	for name, p := range o.peers {
		mine := t.peers[name]
		addTo(&mine.relations, p.relations)
		add(mine.reasons, p.reasons)
		add(mine.known, p.known)
		for class, example := range p.examples {
			mine.keepShortest(class, example)
		}
	}
	for f, theirs := range o.features {
		mine := t.features[f]
		if mine == nil {
			t.features[f] = theirs
			continue
		}
		for i, n := range theirs.matches {
			mine.matches[i] += n
		}
		for name, r := range theirs.relations {
			addTo(mine.relations[name], *r)
		}
	}
	t.witnesses.add(o.witnesses)
	t.unexplained = append(t.unexplained, o.unexplained...)
	slices.SortFunc(t.unexplained, func(a, b difference) int { return a.minimal.pair.id - b.minimal.pair.id })
}

func addTo(sum *[differs + 1]int, n [differs + 1]int) {
	for i := range n {
		sum[i] += n[i]
	}
}

func add[K comparable](sum, n map[K]int) {
	for k, v := range n {
		sum[k] += v
	}
}

// byCount are the keys, the most frequent first.
func byCount[K ~string](m map[K]int) []K {
	keys := slices.Sorted(maps.Keys(m))
	slices.SortStableFunc(keys, func(a, b K) int { return m[b] - m[a] })
	return keys
}
