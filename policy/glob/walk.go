package glob

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// walk is the product of machines, of which the first in have to accept and the rest must not.
type walk struct {
	machines []machine
	in       int
}

// node is one state of the walk and how it was reached.
type node struct {
	states []uint64 // of all machines, one after another
	parent int
	char   rune
}

func (w walk) search(budget *int) (s string, found, decided bool) {
	nodes := []node{{states: w.start(), parent: -1}}
	seen := map[string]bool{key(nodes[0].states): true}
	for i := 0; i < len(nodes); i++ {
		if *budget <= 0 {
			return "", false, false
		}
		characters := w.characters(nodes[i].states)
		*budget -= 1 + len(characters)*cost(nodes[i].states)/32
		if w.accepts(nodes[i].states) {
			return spell(nodes, i), true, true
		}
		for _, c := range characters {
			next, alive := w.step(nodes[i].states, c)
			if !alive {
				continue
			}
			if k := key(next); !seen[k] {
				seen[k] = true
				nodes = append(nodes, node{next, i, c})
			}
		}
	}
	return "", false, true
}

// cost is about how much reading one character takes.
func cost(states []uint64) int {
	n := len(states)
	for _, word := range states {
		n += bits.OnesCount64(word)
	}
	return n
}

func key(states []uint64) string {
	b := make([]byte, 0, 8*len(states))
	for _, word := range states {
		b = binary.LittleEndian.AppendUint64(b, word)
	}
	return string(b)
}

func spell(nodes []node, i int) string {
	var out []rune
	for ; nodes[i].parent >= 0; i = nodes[i].parent {
		out = append(out, nodes[i].char)
	}
	slices.Reverse(out)
	return string(out)
}

func (w walk) start() []uint64 {
	var out []uint64
	for _, m := range w.machines {
		states := make([]uint64, m.words)
		m.enter(states, 0)
		out = append(out, states...)
	}
	return out
}

func (w walk) accepts(states []uint64) bool {
	for i, m := range w.machines {
		last := len(m.elements)
		if accepted := states[last/64]>>(last%64)&1 == 1; accepted != (i < w.in) {
			return false
		}
		states = states[m.words:]
	}
	return true
}

// step reads one character; it is not alive when a language of in can hold no string that begins like this.
func (w walk) step(states []uint64, r rune) (next []uint64, alive bool) {
	next = make([]uint64, len(states))
	from, to := states, next
	for i, m := range w.machines {
		any := false
		for j := range m.live(from) {
			e := m.elements[j]
			if !e.accepts(r) {
				continue
			}
			any = true
			if e.many {
				m.enter(to, j)
			} else {
				m.enter(to, j+1)
			}
		}
		if !any && i < w.in {
			return nil, false
		}
		from, to = from[m.words:], to[m.words:]
	}
	return next, true
}
