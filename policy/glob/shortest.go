package glob

import (
	"math"
	"unicode/utf8"
)

// What a pattern holds besides characters, as runes. Only oneRune and above stand for one character.
const (
	endRune  rune = -3
	manyRune rune = -2
	oneRune  rune = -1
)

// never is the cost of the suffixes that have no string in common.
const never = math.MaxInt32 / 2

// table holds, for each suffix of p and each of q, the length of a shortest string that both match.
type table struct {
	p, q []rune
	cost []int32
}

// shortest returns a shortest string that both match. There must be one.
func shortest(p, q string) string {
	t := table{p: runes(p), q: runes(q)}
	t.cost = make([]int32, len(t.p)*len(t.q))
	for i := len(t.p) - 1; i >= 0; i-- {
		for j := len(t.q) - 1; j >= 0; j-- {
			s := t.best(i, j)
			t.cost[i*len(t.q)+j] = s.cost
		}
	}
	var out []byte
	for i, j := 0, 0; t.p[i] != endRune || t.q[j] != endRune; {
		s := t.best(i, j)
		switch i, j = s.i, s.j; {
		case s.write == oneRune:
			out = append(out, free...)
		case s.write >= 0:
			out = utf8.AppendRune(out, s.write)
		}
	}
	return string(out)
}

// step is one step of a walk through two patterns: the character it writes, if any, and the suffixes that are left.
type step struct {
	cost  int32
	write rune
	i, j  int
}

// best returns the first step of a shortest string for the suffixes from i and j.
func (t table) best(i, j int) step {
	a, b := t.p[i], t.q[j]
	if a == endRune && b == endRune {
		return step{}
	}
	s := step{cost: never}
	try := func(cost int32, write rune, i, j int) {
		if cost += t.cost[i*len(t.q)+j]; cost < s.cost {
			s = step{cost, write, i, j}
		}
	}
	switch {
	case a == manyRune && b == manyRune:
		try(0, manyRune, i+1, j)
		try(0, manyRune, i, j+1)
	case a == manyRune:
		try(0, manyRune, i+1, j)
		if b >= oneRune {
			try(1, b, i, j+1)
		}
	case b == manyRune:
		try(0, manyRune, i, j+1)
		if a >= oneRune {
			try(1, a, i+1, j)
		}
	case a >= oneRune && b >= oneRune && (a == b || min(a, b) == oneRune):
		try(1, max(a, b), i+1, j+1)
	}
	return s
}

// runes returns the characters and wildcards of a compiled pattern, and endRune.
func runes(code string) []rune {
	list := make([]rune, 0, len(code)+1)
	for i, r := range code {
		switch code[i] {
		case starRaw:
			r = manyRune
		case oneRaw:
			r = oneRune
		}
		list = append(list, r)
	}
	return append(list, endRune)
}
