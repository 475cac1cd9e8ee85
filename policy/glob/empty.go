package glob

import (
	"encoding/binary"
	"slices"
)

// Empty reports whether no string is held by all languages of in and by none of out. It says false when steps run out.
//
// It is the slow and obvious counterpart of Find, for checking what Find said: it keeps the elements that are left of
// each language as lists, reads character after character, and remembers where it has been.
func Empty(in, out []Language, steps *int) bool {
	var first []rest
	var all []rune
	for i, l := range slices.Concat(in, out) {
		elements := l.elements()
		first = append(first, rest{i < len(in), [][]element{elements}})
		for _, e := range elements {
			all = appendCharacters(all, e)
		}
	}
	other := unused(all)
	todo, seen := [][]rest{first}, map[string]bool{}
	for len(todo) > 0 {
		state := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if name := describe(state); seen[name] {
			continue
		} else {
			seen[name] = true
		}
		if *steps <= 0 {
			return false
		}
		*steps--
		if !slices.ContainsFunc(state, func(r rest) bool { return r.accepts() != r.wanted }) {
			return false
		}
		for _, c := range append(heads(state), other) {
			if next, alive := after(state, c); alive {
				todo = append(todo, next)
			}
		}
	}
	return true
}

// heads returns the characters that some language may be waiting for. All others are read alike.
func heads(state []rest) []rune {
	var out []rune
	for _, r := range state {
		for _, way := range r.ways {
			for _, e := range way {
				out = appendCharacters(out, e)
				if !e.many {
					break
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// rest is what may be left of one language after some text, in every way to read that text.
type rest struct {
	wanted bool // the language has to hold the whole string, or must not
	ways   [][]element
}

func (r rest) accepts() bool {
	return slices.ContainsFunc(r.ways, func(e []element) bool {
		return !slices.ContainsFunc(e, func(e element) bool { return !e.many })
	})
}

// after reads one character; it is not alive when a wanted language can hold no string any more.
func after(state []rest, c rune) (next []rest, alive bool) {
	if slices.ContainsFunc(state, func(r rest) bool { return r.wanted && !r.reads(c) }) {
		return nil, false // as nearly always, so that this allocates nothing
	}
	next = make([]rest, len(state))
	for i, r := range state {
		next[i] = rest{wanted: r.wanted}
		for _, way := range r.ways {
			next[i].ways = appendAfter(next[i].ways, way, c)
		}
	}
	return next, true
}

func (r rest) reads(c rune) bool {
	return slices.ContainsFunc(r.ways, func(way []element) bool {
		for _, e := range way {
			if e.accepts(c) || !e.many {
				return e.accepts(c)
			}
		}
		return false
	})
}

// appendAfter adds what may be left of one way to read.
func appendAfter(ways [][]element, way []element, c rune) [][]element {
	for i, e := range way {
		if e.accepts(c) {
			left := way[i+1:]
			if e.many {
				left = way[i:]
			}
			if !slices.ContainsFunc(ways, func(w []element) bool { return len(w) == len(left) }) {
				ways = append(ways, left) // ways of one language are told apart by their length
			}
		}
		if !e.many {
			break
		}
	}
	return ways
}

func describe(state []rest) string {
	var name []byte
	var lengths []int
	for _, r := range state {
		lengths = lengths[:0]
		for _, w := range r.ways {
			lengths = append(lengths, len(w))
		}
		slices.Sort(lengths)
		name = binary.AppendUvarint(name, uint64(len(lengths)))
		for _, n := range lengths {
			name = binary.AppendUvarint(name, uint64(n))
		}
	}
	return string(name)
}

func appendCharacters(list []rune, e element) []rune {
	switch {
	case e.char == noColon:
		return append(list, ':')
	case e.char >= 0:
		return append(list, spellings(e.char)...)
	}
	return list
}
