package space

import (
	"cmp"
	"encoding/base64"
	"net/netip"
	"slices"
	"time"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// sieve finds the few values of a condition that can decide about a value of its key: those at the ends of an order, those
// that are equal to it, the range that an address lies in, and one that cannot be read. The plain evaluator is asked about
// these alone: a condition may name thousands, and each is a class of values to be judged.
type sieve struct {
	ends   [4]*iam.Value // the least and the greatest, by their least and by their greatest reading
	always []*iam.Value  // ends and what cannot be read
	equal  map[any][]*iam.Value
	ranges []span // of addresses, none inside another, in order
	read   func(text string) []any
}

// span is a range of addresses that a condition names.
type span struct {
	netip.Prefix
	operand *iam.Value
}

// instant is a point in time, to compare and to look up.
type instant struct {
	second     int64
	nanosecond int
}

func instants(text string) []instant {
	var out []instant
	times, _ := authz.ParseDate(text)
	for _, t := range times {
		out = append(out, instant{t.Unix(), t.Nanosecond()})
	}
	return out
}

func (i instant) compare(j instant) int {
	return cmp.Or(cmp.Compare(i.second, j.second), cmp.Compare(i.nanosecond, j.nanosecond))
}

func (i instant) time() time.Time { return time.Unix(i.second, int64(i.nanosecond)).UTC() }

func parseNumbers(text string) []authz.Number {
	if n, ok := authz.ParseNumber(text); ok {
		return []authz.Number{n}
	}
	return nil
}

// parseBinary reads a value of BinaryEquals, which AWS may compare as text or as the bytes that it stands for.
func parseBinary(text string) []string {
	if raw, err := base64.StdEncoding.DecodeString(text); err == nil {
		return []string{"text " + text, "bytes " + string(raw)}
	}
	return []string{"text " + text}
}

// newSieve returns the sieve of a condition, nil where there is none and all of its values have to be asked about.
func newSieve(c located) *sieve {
	op, _ := iam.ParseOperator(c.Operator)
	s := &sieve{equal: map[any][]*iam.Value{}}
	switch {
	case numeric(op.Comparison):
		sift(s, c.Values, parseNumbers, authz.Number.Compare)
	case date(op.Comparison):
		sift(s, c.Values, instants, instant.compare)
	case op.Comparison == iam.IPAddress:
		s.siftRanges(c.Values)
	case op.Comparison == iam.BinaryEquals:
		sift(s, c.Values, parseBinary, nil)
	case op.Comparison == iam.BoolEquals:
		s.siftAlike(c)
	case (op.Comparison == iam.StringEquals || op.Comparison == iam.StringLike) && !hasWildcard(c):
		sift(s, c.Values, func(text string) []string { return []string{text} }, nil)
	default:
		return nil
	}
	return s
}

// sift looks through values by what they may be read as. Of equal ones it keeps one that is read in one way and one that
// is read in several.
func sift[T comparable](s *sieve, values []*iam.Value, read func(string) []T, compare func(a, b T) int) {
	var at [4]T
	end := func(i int, r T, v *iam.Value, sign int) {
		if s.ends[i] == nil || sign*compare(r, at[i]) > 0 {
			s.ends[i], at[i] = v, r
		}
	}
	var unread *iam.Value
	for _, v := range values {
		readings := read(v.Text)
		if len(readings) == 0 {
			unread = v
			continue
		}
		if compare != nil {
			least, greatest := slices.MinFunc(readings, compare), slices.MaxFunc(readings, compare)
			end(0, least, v, -1)
			end(1, least, v, 1)
			end(2, greatest, v, -1)
			end(3, greatest, v, 1)
		}
		for _, r := range readings {
			same := func(w *iam.Value) bool { return (len(read(w.Text)) == 1) == (len(readings) == 1) }
			if !slices.ContainsFunc(s.equal[r], same) {
				s.equal[r] = append(s.equal[r], v)
			}
		}
	}
	for _, v := range append(s.ends[:], unread) {
		if v != nil && !slices.Contains(s.always, v) {
			s.always = append(s.always, v)
		}
	}
	s.read = func(text string) []any {
		var out []any
		for _, r := range read(text) {
			out = append(out, r)
		}
		return out
	}
}

// siftRanges keeps the ranges that lie in no other one.
func (s *sieve) siftRanges(values []*iam.Value) {
	var unread []*iam.Value
	for _, v := range values {
		p, ok := rangeOf(v.Text)
		if ok {
			s.ranges = append(s.ranges, span{p, v})
		} else {
			unread = []*iam.Value{v}
		}
	}
	slices.SortStableFunc(s.ranges, func(a, b span) int {
		return cmp.Or(a.Addr().Compare(b.Addr()), cmp.Compare(a.Bits(), b.Bits()))
	})
	outer := s.ranges[:0]
	for _, r := range s.ranges {
		if n := len(outer); n == 0 || !outer[n-1].Contains(r.Addr()) {
			outer = append(outer, r)
		}
	}
	if len(outer) > 0 { // what is no address is asked about too
		unread = append(unread, outer[0].operand)
	}
	s.ranges, s.always = outer, unread
	s.read = func(string) []any { return nil }
}

// rangeOf reads a value of IpAddress: a range, or an address as a range of one.
func rangeOf(text string) (netip.Prefix, bool) {
	if p, err := netip.ParsePrefix(text); err == nil {
		return p.Masked(), true
	}
	a, err := netip.ParseAddr(text)
	return netip.PrefixFrom(a, a.BitLen()), err == nil && a.Zone() == ""
}

// siftAlike keeps one of the values of Bool that nothing tells apart.
func (s *sieve) siftAlike(c located) {
	seen := map[[3]authz.Match]bool{}
	one := *c.Condition
	for _, v := range c.Values {
		one.Values = []*iam.Value{v}
		var says [3]authz.Match
		for i, value := range [...]string{"true", "false", "neither"} {
			says[i] = match(located{c.doc, &one}, value, true)
		}
		if !seen[says] {
			seen[says] = true
			s.always = append(s.always, v)
		}
	}
	s.read = func(string) []any { return nil }
}

// about returns the values that can decide about a value of the key.
func (s *sieve) about(value string) []*iam.Value {
	out := s.always[:len(s.always):len(s.always)]
	for _, r := range s.read(value) {
		out = append(out, s.equal[r]...)
	}
	if a, err := netip.ParseAddr(value); err == nil && len(s.ranges) > 0 {
		i, _ := slices.BinarySearchFunc(s.ranges, a, func(r span, a netip.Addr) int { return cmp.Or(r.Addr().Compare(a), -1) })
		if i > 0 && s.ranges[i-1].Contains(a) {
			out = append(out, s.ranges[i-1].operand)
		}
	}
	return out
}

// What classes of values cost.
const (
	costOfOperand = 5 // a value of a condition, to be read and put in its place
	costOfClass   = 5 // a class of values, to be judged by one condition
)

// sieve returns that of a condition, made once.
func (u *universe) sieve(c located) *sieve {
	s, ok := u.sieves[c.Condition]
	if !ok && u.budget.take(costOfOperand*len(c.Values)) {
		s = newSieve(c)
		u.sieves[c.Condition] = s
	}
	return s
}

// classes asks the plain evaluator which classes of values a condition holds for, and for which that is open.
func (u *universe) classes(c located, values []string) (holds, open bits) {
	holds, open = newBits(len(values)), newBits(len(values))
	s := u.sieve(c)
	asked := *c.Condition
	for i, v := range values {
		if s != nil {
			asked.Values = s.about(v)
		}
		if !u.budget.take(costOfClass + len(asked.Values)) {
			break // whatever comes of it is undecided
		}
		switch match(located{c.doc, &asked}, v, true) {
		case authz.Yes:
			holds.set(i)
		case authz.Maybe:
			open.set(i)
		}
	}
	return holds, open
}
