package glob

import (
	"encoding/binary"
	"slices"
)

// Empty reports whether no string is held by all languages of in and by none of out. It says false when steps run out: a state
// takes one, and more the more characters and places there are in it.
//
// It is the slow and obvious counterpart of Find, for checking what Find said: it keeps the places that it may be at in
// each language as lists, reads character after character, and remembers where it has been.
func Empty(in, out []Language, steps *int) bool {
	if *steps -= len(in) * len(out) / 32; slices.ContainsFunc(in, func(l Language) bool { return slices.Contains(out, l) }) {
		return true // whatever is in the one is in the other: most parts of a proof end like this
	}
	readers := make([]reader, 0, len(in)+len(out))
	var all []rune
	for i, l := range slices.Concat(in, out) {
		r := reader{wanted: i < len(in), elements: l.elements()}
		for _, e := range r.elements {
			all = appendCharacters(all, e)
		}
		readers = append(readers, r)
		*steps -= len(r.elements) / 4
	}
	other := unused(all)
	first, next := make(places, len(readers)), make(places, len(readers))
	for i := range first {
		first[i] = []int{0}
	}
	var heads []rune
	name := first.appendName(nil)
	todo, seen := []places{first}, map[string]bool{string(name): true}
	for len(todo) > 0 {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if *steps <= 0 {
			return false
		}
		heads = at.heads(readers, other, heads[:0])
		*steps -= 1 + len(heads)*at.size()/32
		if at.accepted(readers) {
			return false
		}
		for _, c := range heads { // all others are read like this one
			if !at.after(readers, c, next) {
				continue
			}
			if name = next.appendName(name[:0]); !seen[string(name)] {
				seen[string(name)] = true
				todo = append(todo, next.clone())
			}
		}
	}
	return true
}

// reader is a language that reads.
type reader struct {
	wanted   bool // the language has to hold the whole string, or must not
	elements []element
}

// places are the elements that may read next, in order, for each reader.
type places [][]int

// size is how many places there are, and a few for each reader.
func (p places) size() int {
	n := 4 * len(p)
	for _, of := range p {
		n += len(of)
	}
	return n
}

func (p places) accepted(readers []reader) bool {
	for i, r := range readers {
		accepts := slices.ContainsFunc(p[i], func(at int) bool {
			return !slices.ContainsFunc(r.elements[at:], func(e element) bool { return !e.many })
		})
		if accepts != r.wanted {
			return false
		}
	}
	return true
}

// clone returns a copy in two pieces of memory, whatever the readers are.
func (p places) clone() places {
	out, all := make(places, len(p)), slices.Concat(p...)
	for i, of := range p {
		out[i], all = all[:len(of):len(of)], all[len(of):]
	}
	return out
}

// heads adds the characters that tell the readers apart, and other, which stands for all others: those that some reader waits
// for, or where a wanted one waits for certain characters, these alone.
func (p places) heads(readers []reader, other rune, out []rune) []rune {
	for i, r := range readers {
		if r.wanted {
			if certain, ok := r.heads(p[i], out); ok {
				return certain
			}
		}
	}
	for i, r := range readers {
		out, _ = r.heads(p[i], out)
	}
	slices.Sort(out)
	return append(slices.Compact(out), other)
}

// heads adds the characters that the reader waits for; certain means that it reads no others.
func (r reader) heads(places []int, out []rune) (_ []rune, certain bool) {
	certain = true
	for _, at := range places {
		for ; at < len(r.elements); at++ {
			e := r.elements[at]
			out = appendCharacters(out, e)
			certain = certain && e.char >= 0 && e.class == 0
			if !e.many {
				break
			}
		}
	}
	return out, certain
}

// after has next be the places after one more character; it is not alive when a wanted language can hold no string any more.
func (p places) after(readers []reader, c rune, next places) (alive bool) {
	for i, r := range readers {
		left := next[i][:0]
		for _, at := range p[i] {
			left = r.read(left, at, c)
		}
		if r.wanted && len(left) == 0 {
			return false
		}
		slices.Sort(left)
		next[i] = slices.Compact(left)
	}
	return true
}

// read adds where the reader may be after one character.
func (r reader) read(left []int, at int, c rune) []int {
	for ; at < len(r.elements); at++ {
		e := r.elements[at]
		switch {
		case e.accepts(c) && e.many:
			left = append(left, at)
		case e.accepts(c):
			return append(left, at+1)
		case !e.many:
			return left
		}
	}
	return left
}

// appendName adds what tells places from others.
func (p places) appendName(name []byte) []byte {
	for _, of := range p {
		name = binary.AppendUvarint(name, uint64(len(of)))
		for _, at := range of {
			name = binary.AppendVarint(name, int64(at))
		}
	}
	return name
}

func appendCharacters(list []rune, e element) []rune {
	switch {
	case e.class != 0:
		members, _ := e.class.members()
		for _, r := range members {
			list = append(list, r)
		}
		for _, r := range e.class.excluded() {
			list = append(list, r)
		}
	case e.char == noColon:
		return append(list, ':')
	case e.char >= 0:
		return appendSpellings(list, e.char)
	}
	return list
}
