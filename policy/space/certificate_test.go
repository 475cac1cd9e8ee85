package space

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/bucketwarden/bucketwarden/policy/glob"
)

// certificates returns proofs of random pairs that have branches.
func certificates(t *testing.T) []Certificate {
	t.Helper()
	g := gen{rand.New(rand.NewPCG(7, 8))}
	var out []Certificate
	for range 900 {
		for _, c := range NewAccess(parse(t, g.document(false)), parse(t, g.document(false)), Steps(ample)).Proofs {
			if c.Proof.Nodes() > 0 {
				out = append(out, c)
			}
		}
	}
	if len(out) < 80 {
		t.Fatalf("only %d proofs", len(out))
	}
	return out
}

func TestCheckRefusesAWrongCover(t *testing.T) {
	if testing.Short() {
		t.Skip("a sweep, which -short leaves out")
	}
	for _, c := range certificates(t) {
		for _, cover := range []int{-1, len(c.cover)} {
			wrong := c
			wrong.Proof = &Proof{Cover: cover, Branches: c.Proof.Branches}
			if err := wrong.Check(Steps(1_000_000)); err == nil || err.Error() != "step 0: there is no such covering box" {
				t.Fatalf("covering box %d of %d: %v", cover, len(c.cover), err)
			}
		}
		wrong := c
		wrong.Proof = &Proof{Cover: c.Proof.Cover, Branches: append(slices.Clone(c.Proof.Branches), nil)}
		if wrong.Check(Steps(1_000_000)) == nil {
			t.Fatal("a branch too many is accepted")
		}
	}
}

// A branch that is not empty has to be proved, and is walked like the whole.
func TestCheckRefusesAWrongBranch(t *testing.T) {
	if testing.Short() {
		t.Skip("a sweep, which -short leaves out")
	}
	refused := 0
	for _, c := range certificates(t) {
		for _, tt := range []struct {
			instead *Proof
			want    string // what the error ends with
		}{
			{nil, "a part that should be empty is not"},
			{&Proof{Cover: len(c.cover)}, "step 1: there is no such covering box"},
		} {
			for i, b := range c.Proof.Branches {
				if b == nil {
					continue
				}
				wrong := c
				wrong.Proof = &Proof{Cover: c.Proof.Cover, Branches: slices.Clone(c.Proof.Branches)}
				wrong.Proof.Branches[i] = tt.instead
				if err := wrong.Check(Steps(1_000_000)); err == nil || !strings.HasSuffix(err.Error(), tt.want) {
					t.Fatalf("%s with another branch %d: %v", c.Subject, i, err)
				}
				refused++
			}
		}
	}
	if refused == 0 {
		t.Fatal("no proof has a branch")
	}
}

// Without the facets of the box, the cover does not hold it.
func TestCheckRefusesAWiderBox(t *testing.T) {
	if testing.Short() {
		t.Skip("a sweep, which -short leaves out")
	}
	all := certificates(t)
	refused := 0
	for _, c := range all {
		c.box = nil
		if c.Check(Steps(1_000_000)) != nil {
			refused++
		}
	}
	if refused < len(all)/2 {
		t.Errorf("%d of %d proofs of a part are refused as proofs of the whole", refused, len(all))
	}
	c := all[0]
	c.Proof, c.box = nil, nil
	if err := c.Check(Steps(1000)); err == nil || err.Error() != "a part that should be empty is not" {
		t.Errorf("the whole space is said to be empty: %v", err)
	}
}

func TestCheckIsBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("a sweep, which -short leaves out")
	}
	refused := 0
	for _, c := range certificates(t) {
		if err := c.Check(Steps(1)); err != nil {
			if !strings.HasSuffix(err.Error(), "not checked within the bound") {
				t.Fatal(err)
			}
			refused++
		}
	}
	if refused == 0 {
		t.Error("every proof is checked in one step")
	}
}

// One bound holds for all.
func TestCheckAll(t *testing.T) {
	if testing.Short() {
		t.Skip("a sweep, which -short leaves out")
	}
	all := certificates(t)
	if err := CheckAll(all, Steps(1_000_000)); err != nil {
		t.Error(err)
	}
	if err := CheckAll(all, Steps(1000)); err == nil || !strings.HasSuffix(err.Error(), "not checked within the bound") {
		t.Errorf("%d proofs in 1000 steps: %v", len(all), err)
	}
	err := CheckAll([]Certificate{all[0], {Subject: "Statement[2]"}}, Steps(1_000_000))
	const want = "Statement[2]: the proof is not confirmed: a part that should be empty is not"
	if err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestProofNodes(t *testing.T) {
	tests := []struct {
		in   *Proof
		want int
	}{
		{nil, 0},
		{&Proof{}, 1},
		{&Proof{Branches: []*Proof{nil, {}, {Branches: []*Proof{{}}}}}, 4},
	}
	for _, tt := range tests {
		if got := tt.in.Nodes(); got != tt.want {
			t.Errorf("%+v has %d nodes, want %d", tt.in, got, tt.want)
		}
	}
}

// What is left of one dimension, for each kind: the absent point counts, and names that the catalog does not have.
func TestCheckerEmptyIn(t *testing.T) {
	a, none := like("a*"), region{ins: [][]glob.Language{like("a"), like("b")}}
	tests := []struct {
		name string
		in   domain
		want bool
	}{
		{"text", text{present: true, region: region{ins: [][]glob.Language{a}}}, false},
		{"no text", text{present: true, region: none}, true},
		{"no text, or absent", text{absent: true, present: true, region: none}, false},
		{"absent", text{absent: true}, false},
		{"neither", text{}, true},
		{"a point", finite{left: bits{0, 1}}, false},
		{"no point", finite{left: bits{0, 0}}, true},
		{"no point, or absent", finite{absent: true, left: bits{0}}, false},
		{"an action", action{known: bits{0, 2}}, false},
		{"no action", action{known: bits{0, 0}, other: region{ins: [][]glob.Language{a}}}, true},
		{"another action", action{known: bits{0, 0}, other: region{ins: [][]glob.Language{a}}, open: true}, false},
		{"no other action", action{known: bits{0, 0}, other: none, open: true}, true},
		{"values", many{present: true, all: region{ins: [][]glob.Language{a}}}, false},
		{"no values", many{present: true, all: none}, true},
		{"no values, or absent", many{absent: true, present: true, all: none}, false},
		{"neither values nor absent", many{}, true},
		{"values, one of them b", many{present: true, all: region{ins: [][]glob.Language{a}}, some: []part{{langs: like("b")}}}, true},
		{"values, one of them not a", many{present: true, all: region{ins: [][]glob.Language{like("a")}}, some: []part{{langs: like("a"), out: true}}}, true},
		{"values, one of them a", many{present: true, some: []part{{langs: like("a")}}}, false},
	}
	for _, tt := range tests {
		k := checker{starts: []domain{tt.in}, budget: Steps(1000).open()}
		if got := k.emptyIn(0, nil); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
