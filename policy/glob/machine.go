package glob

import (
	"iter"
	"math/bits"
)

// machine is a language as a nondeterministic automaton: state i is before element i, the last one accepts.
type machine struct {
	elements []element
	words    int // of 64 states
}

func newMachine(l Language) machine {
	e := l.elements()
	return machine{e, len(e)/64 + 1}
}

// enter marks a state, and those that an empty `*` leads to.
func (m machine) enter(states []uint64, i int) {
	for ; ; i++ {
		states[i/64] |= 1 << (i % 64)
		if i == len(m.elements) || !m.elements[i].many {
			return
		}
	}
}

// live returns the marked states that have an element to read.
func (m machine) live(states []uint64) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i, word := range states[:m.words] {
			for ; word != 0; word &= word - 1 {
				if j := i*64 + bits.TrailingZeros64(word); j < len(m.elements) && !yield(j) {
					return
				}
			}
		}
	}
}

// acceptsAll reports whether the elements, one after another, read all of s: state by state, as the elements are.
func acceptsAll(elements []element, s string) bool {
	m := machine{elements, len(elements)/64 + 1}
	states, next := make([]uint64, m.words), make([]uint64, m.words)
	m.enter(states, 0)
	for _, r := range s {
		clear(next)
		for i := range m.live(states) {
			if e := elements[i]; !e.accepts(r) {
				continue
			} else if e.many {
				m.enter(next, i)
			} else {
				m.enter(next, i+1)
			}
		}
		states, next = next, states
	}
	last := len(elements)
	return states[last/64]>>(last%64)&1 == 1
}
