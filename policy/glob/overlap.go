package glob

// Overlaps reports whether some string is matched by both p and q.
func (p Pattern) Overlaps(q Pattern) bool {
	m := matcher{many: star, single: oneRaw, unify: true}
	switch {
	case !q.starred():
		return m.covers(p.code, q.code)
	case !p.starred():
		return m.covers(q.code, p.code)
	}
	// Between the ends there is room for whatever either wants: first all of p, then all of q.
	_, _, heads := alignHeads(p.code, q.code)
	_, _, tails := alignTails(p.code, q.code)
	return heads && tails
}

// alignHeads returns how far two starred patterns can be read together before either comes to a star, and whether
// they agree so far. Characters that differ in any byte are different, so that bytes will do.
func alignHeads(p, q string) (i, j int, ok bool) {
	for {
		switch a, b := p[i], q[j]; {
		case a == starRaw || b == starRaw:
			return i, j, true
		case a == b:
			i, j = i+1, j+1
		case a == oneRaw:
			i, j = i+1, j+size(q[j:])
		case b == oneRaw:
			i, j = i+size(p[i:]), j+1
		default:
			return i, j, false
		}
	}
}

// alignTails is alignHeads from the end: i and j are where the parts that agree begin.
func alignTails(p, q string) (i, j int, ok bool) {
	i, j = len(p), len(q)
	for {
		switch a, b := p[i-1], q[j-1]; {
		case a == starRaw || b == starRaw:
			return i, j, true
		case a == b:
			i, j = i-1, j-1
		case a == oneRaw:
			i, j = i-1, back(q[:j], 1)
		case b == oneRaw:
			i, j = back(p[:i], 1), j-1
		default:
			return i, j, false
		}
	}
}
