package glob

import "slices"

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
				for _, r := range appendSpellings(nil, e.char) {
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

// pick returns the first of chars that a list lacks.
func pick(chars string, list []rune) (rune, bool) {
	for _, r := range chars {
		if !slices.Contains(list, r) {
			return r, true
		}
	}
	return 0, false
}
