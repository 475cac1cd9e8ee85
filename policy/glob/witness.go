package glob

import "strings"

// free stands in a witness for each character that both patterns leave open.
const free = "x"

// maxCells bounds the table in which Witness looks for a shortest string: 4 bytes a cell, so 2 MiB.
const maxCells = 1 << 19

// Witness returns a string that both p and q match, and false when there is none. Where both leave a character
// open, it is an `x`. The string is a shortest one, unless both patterns hold a `*` and the product of their
// lengths exceeds half a million: then it may be longer, by less than the length of p and q together.
func Witness(p, q Pattern) (string, bool) {
	switch {
	case !p.Overlaps(q):
		return "", false
	case !q.starred():
		return overlay(p.code, q.code), true
	case !p.starred():
		return overlay(q.code, p.code), true
	}
	i, j, _ := alignHeads(p.code, q.code)
	k, l, _ := alignTails(p.code, q.code)
	return blend(p.code[:i], q.code[:j]) + between(p.code[i:k], q.code[j:l]) + blend(p.code[k:], q.code[l:]), true
}

// overlay returns q, which overlaps p and has no star, with the literals of p written over its `?`s.
func overlay(p, q string) string {
	m := matcher{many: star, single: oneRaw, unify: true}
	segment, rest, more := strings.Cut(p, star)
	at, end := 0, m.head(segment, q, more)
	var b strings.Builder
	for {
		b.WriteString(open(q[:at]))
		b.WriteString(blend(segment, q[at:end]))
		if q = q[end:]; !more {
			return b.String()
		}
		if segment, rest, more = strings.Cut(rest, star); more {
			at, end = m.find(segment, q)
		} else {
			at, end = m.tail(segment, q), len(q)
		}
	}
}

// between returns a string that both starred patterns match, when one of them begins with its star and one ends with it.
func between(p, q string) string {
	if (len(p)+1)*(len(q)+1) <= maxCells {
		return shortest(p, q)
	}
	headP, middleP, tailP := ends(p)
	headQ, middleQ, tailQ := ends(q)
	return open(headP + headQ + middleP + middleQ + tailP + tailQ)
}

// ends cuts a pattern at its first and its last star.
func ends(p string) (head, middle, tail string) {
	i, j := strings.Index(p, star), strings.LastIndex(p, star)
	return p[:i], p[i:j], p[j+1:]
}

// open returns a string that p matches.
func open(p string) string {
	return strings.ReplaceAll(strings.ReplaceAll(p, star, ""), one, free)
}

// blend returns p with the literals of q written over its `?`. Both have as many characters, and no star.
func blend(p, q string) string {
	var b strings.Builder
	for p != "" {
		n, k := size(p), size(q)
		if p[0] == oneRaw {
			b.WriteString(q[:k])
		} else {
			b.WriteString(p[:n])
		}
		p, q = p[n:], q[k:]
	}
	return open(b.String())
}
