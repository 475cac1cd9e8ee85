package glob

import (
	"encoding/binary"
	"iter"
	"math/bits"
	"slices"
)

// Find looks for a string that every language of in holds and no language of out does. found is false when there is
// none; decided is false when budget ran out before that was known. Each pair of languages that is looked at takes one from
// budget, each state of the search one, and more where many characters or long languages make it cost more.
//
// Most questions are answered without a search: an example of one language that the others agree with, a language of
// out that includes one of in, two of in that share nothing. What is left is a walk, breadth first, through the states
// that all languages are in after the same string, over the characters that make a difference there and one that makes
// none. That is exponential in the worst case, as the question is; hence the budget.
func Find(in, out []Language, budget *int) (s string, found, decided bool) {
	if len(in) == 0 {
		in = []Language{Compile("*").Language()}
	}
	if len(in)+len(out) > 1 {
		if *budget -= Weight(in) * (Weight(in) + Weight(out) - 1); *budget <= 0 {
			return "", false, false
		}
	}
	for i, l := range in {
		if slices.ContainsFunc(out, func(o Language) bool { return o.Includes(l) }) ||
			slices.ContainsFunc(in[:i], l.Disjoint) {
			return "", false, true
		}
	}
	for _, l := range in {
		for _, fill := range [...]bool{true, false} {
			if s := l.example(fill); suits(s, in, out) {
				return s, true, true
			}
		}
	}
	w := walk{in: len(in)}
	for _, l := range slices.Concat(in, out) {
		w.machines = append(w.machines, newMachine(l))
	}
	return w.search(budget)
}

func suits(s string, in, out []Language) bool {
	return !slices.ContainsFunc(in, func(l Language) bool { return !l.Has(s) }) &&
		!slices.ContainsFunc(out, func(l Language) bool { return l.Has(s) })
}

// machine is a language as a nondeterministic automaton: state i is before element i, the last one accepts.
type machine struct {
	elements []element
	words    int // of 64 states
}

func newMachine(l Language) machine {
	e := l.elements()
	return machine{e, len(e)/64 + 1}
}

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

// characters returns those on which machines differ in these states, and one that none of them names.
func (w walk) characters(states []uint64) []rune {
	var out []rune
	var classes []string
	add := func(r rune) {
		if !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	for _, m := range w.machines {
		for i := range m.live(states) {
			switch e := m.elements[i]; {
			case e.class != 0:
				for _, r := range e.class.excluded() {
					add(r)
				}
				if members, ok := e.class.members(); ok && !slices.Contains(classes, members) {
					classes = append(classes, members)
				}
			case e.char == noColon:
				add(':')
			case e.char >= 0 && e.fold:
				for _, r := range spellings(e.char) {
					add(r)
				}
			case e.char >= 0:
				add(e.char)
			}
		}
		states = states[m.words:]
	}
	named := len(out)
	for _, members := range classes { // one of those that none names, where there is one
		if r, ok := pick(members, out[:named]); ok {
			add(r)
		}
	}
	if len(classes) > 0 {
		return append([]rune{outside(out)}, out...)
	}
	return append([]rune{unused(out)}, out...)
}

// outside returns a character that is in no class of few, nor in list.
func outside(list []rune) rune {
	return unused(append([]rune("xyz"), list...))
}

// unused returns a readable character that is not in list.
func unused(list []rune) rune {
	for r := 'x'; ; r++ {
		if r == '{' {
			r = 'ａ' // past z: full-width letters, of which there are more than any list has
		}
		if !slices.Contains(list, r) {
			return r
		}
	}
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
