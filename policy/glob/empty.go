package glob

import (
	"slices"
	"strconv"
	"strings"
)

// Empty reports whether no string is held by all languages of in and by none of out. It says false when steps run out.
//
// It is the slow and obvious counterpart of Find, for checking what Find said: it keeps the elements that are left of
// each language as lists, reads character after character, and remembers where it has been.
func Empty(in, out []Language, steps *int) bool {
	var first []rest
	alphabet := []rune{}
	for i, l := range slices.Concat(in, out) {
		first = append(first, rest{i < len(in), [][]element{l.elements()}})
		alphabet = appendCharacters(alphabet, l.elements())
	}
	alphabet = append(alphabet, unused(alphabet))
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
		for _, c := range alphabet {
			if next, alive := after(state, c); alive {
				todo = append(todo, next)
			}
		}
	}
	return true
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
	for _, r := range state {
		n := rest{wanted: r.wanted}
		for _, way := range r.ways {
			for i, e := range way {
				if e.accepts(c) {
					left := way[i+1:]
					if e.many {
						left = way[i:]
					}
					if !slices.ContainsFunc(n.ways, func(w []element) bool { return len(w) == len(left) }) {
						n.ways = append(n.ways, left) // ways of one language are told apart by their length
					}
				}
				if !e.many {
					break
				}
			}
		}
		if r.wanted && len(n.ways) == 0 {
			return nil, false
		}
		next = append(next, n)
	}
	return next, true
}

func describe(state []rest) string {
	var b strings.Builder
	for _, r := range state {
		var lengths []int
		for _, w := range r.ways {
			lengths = append(lengths, len(w))
		}
		slices.Sort(lengths)
		for _, n := range lengths {
			b.WriteString(strconv.Itoa(n) + " ")
		}
		b.WriteByte(',')
	}
	return b.String()
}

func appendCharacters(list []rune, elements []element) []rune {
	for _, e := range elements {
		switch {
		case e.char == noColon:
			list = append(list, ':')
		case e.char >= 0:
			list = append(list, spellings(e.char)...)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
