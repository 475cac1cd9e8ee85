package glob

import (
	"math/bits"
	"strings"
)

// oracleMatch is what a pattern means, said as plainly as possible. It takes exponential time.
func oracleMatch(pattern, s []rune) bool {
	switch {
	case len(pattern) == 0:
		return len(s) == 0
	case pattern[0] == '*':
		return oracleMatch(pattern[1:], s) || len(s) > 0 && oracleMatch(pattern, s[1:])
	}
	return len(s) > 0 && (pattern[0] == '?' || pattern[0] == s[0]) && oracleMatch(pattern[1:], s[1:])
}

// positions is a set of places in a pattern of at most 63 characters: what can have been read so far.
type positions uint64

func begin(pattern string) positions { return skipStars(pattern, 1) }

func (ps positions) accepts(pattern string) bool { return ps>>len(pattern)&1 == 1 }

func (ps positions) read(pattern string, c byte) positions {
	var next positions
	for ; ps != 0; ps &= ps - 1 {
		switch i := bits.TrailingZeros64(uint64(ps)); {
		case i == len(pattern):
		case pattern[i] == '*':
			next |= 1 << i
		case pattern[i] == '?' || pattern[i] == c:
			next |= 1 << (i + 1)
		}
	}
	return skipStars(pattern, next)
}

func skipStars(pattern string, ps positions) positions {
	for i := range len(pattern) {
		if pattern[i] == '*' {
			ps |= ps >> i & 1 << (i + 1)
		}
	}
	return ps
}

// oracleRelation walks through every pair of position sets that some string leads to: the textbook's automata, without a
// bound on the length of strings. The letters are those of the patterns and `c`, which must be in neither.
// It returns whether p includes q, and the length of a shortest string that both match, -1 when there is none.
func oracleRelation(p, q, letters string) (includes bool, shared int) {
	type pair struct{ p, q positions }
	seen := map[pair]bool{}
	includes, shared = true, -1
	for level, n := []pair{{begin(p), begin(q)}}, 0; len(level) > 0; n++ {
		var next []pair
		for _, at := range level {
			if seen[at] || at.q == 0 {
				continue
			}
			seen[at] = true
			if at.q.accepts(q) {
				if !at.p.accepts(p) {
					includes = false
				} else if shared < 0 {
					shared = n
				}
			}
			for _, c := range []byte(letters) {
				next = append(next, pair{at.p.read(p, c), at.q.read(q, c)})
			}
		}
		level = next
	}
	return includes, shared
}

// words returns every string over the letters of at most n characters.
func words(letters string, n int) []string {
	list := []string{""}
	for from := 0; n > 0; n-- {
		to := len(list)
		for ; from < to; from++ {
			for _, c := range letters {
				list = append(list, list[from]+string(c))
			}
		}
	}
	return list
}

// spelt compiles s, in which S and Q are a literal `*` and a literal `?`, from its single characters.
func spelt(s string) Pattern {
	var parts []Pattern
	for _, c := range s {
		if i := strings.IndexRune("SQ", c); i >= 0 {
			parts = append(parts, Literal("*?"[i:i+1]))
		} else {
			parts = append(parts, Compile(string(c)))
		}
	}
	return Concat(parts...)
}
