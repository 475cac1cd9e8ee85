package glob

import "unicode/utf8"

// maxTries is the most steps that begin spends on trying one place after another.
const maxTries = 1 << 13

// search is begin for long inputs: it follows all places where the core may have begun at once, 64 to a step.
// This is the shift-and algorithm: bit i of the state says that the first i+1 characters of the core end here.
func (m matcher) search(core, subject string) int {
	n := utf8.RuneCountInString(core)
	agree := m.agreement(core, (n+63)/64)
	state := make([]uint64, (n+63)/64)
	for at, r := range subject {
		switch mask, known := agree.with[m.key(r)]; {
		case subject[at] == starRaw:
			clear(state)
		case subject[at] == oneRaw && m.unify:
			shift(state, agree.whole)
		case subject[at] == oneRaw || !known:
			shift(state, agree.open)
		default:
			shift(state, mask)
		}
		if state[(n-1)/64]>>((n-1)%64)&1 == 1 {
			return back(subject[:at+size(subject[at:])], n)
		}
	}
	return -1
}

// shift moves every place on by one character, begins a new one and keeps those of the mask.
func shift(state, mask []uint64) {
	carry := uint64(1)
	for i, s := range state {
		state[i] = (s<<1 | carry) & mask[i]
		carry = s >> 63
	}
}

// agreement says which characters of a core agree with a character of a subject, one bit each.
type agreement struct {
	with  map[rune][]uint64 // with one that the core holds, by its key
	open  []uint64          // with any other: the `?`s
	whole []uint64          // all of them
}

func (m matcher) agreement(core string, words int) agreement {
	a := agreement{map[rune][]uint64{}, make([]uint64, words), make([]uint64, words)}
	i := 0
	for at, r := range core {
		mask := a.open
		if core[at] != m.single {
			r = m.key(r)
			if a.with[r] == nil {
				a.with[r] = make([]uint64, words)
			}
			mask = a.with[r]
		}
		mask[i/64] |= 1 << (i % 64)
		a.whole[i/64] |= 1 << (i % 64)
		i++
	}
	for _, mask := range a.with {
		for i := range mask {
			mask[i] |= a.open[i]
		}
	}
	return a
}
