package space

import (
	"math/big"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// representatives returns one value of each class of values that no condition on the key tells apart: of numbers and
// dates, each that is named and one between each two; of addresses, where a range begins or has just ended.
func (s use) representatives() []string {
	var out []string
	for _, v := range s.operands(isText) {
		out = append(out, v) // literal text, compared as such
	}
	out = append(out, numbers(s.operands(numeric), strings.EqualFold(s.key, "s3:TlsVersion"))...)
	out = append(out, dates(s.operands(date))...)
	out = append(out, addresses(s.operands(func(c iam.Comparison) bool { return c == iam.IPAddress }))...)
	if len(s.operands(func(c iam.Comparison) bool { return c == iam.BoolEquals })) > 0 {
		out = append(out, "true", "false")
	}
	out = append(out, s.operands(func(c iam.Comparison) bool { return c == iam.BinaryEquals })...)
	slices.Sort(out)
	return slices.Compact(out)
}

func numeric(c iam.Comparison) bool { return strings.HasPrefix(string(c), "Numeric") }
func date(c iam.Comparison) bool    { return strings.HasPrefix(string(c), "Date") }

func (s use) operands(of func(iam.Comparison) bool) []string {
	var out []string
	for _, c := range s.conditions {
		if op, ok := iam.ParseOperator(c.Operator); ok && of(op.Comparison) {
			for _, v := range c.Values {
				out = append(out, v.Text)
			}
		}
	}
	return out
}

// numbers returns the named numbers, and one in each gap: a whole one unless the key has fractions.
func numbers(named []string, fractions bool) []string {
	var at []*big.Rat
	for _, n := range named {
		if r, ok := new(big.Rat).SetString(n); ok && len(n) < 32 && !strings.ContainsAny(n, "eEpP/_") {
			at = append(at, r)
		}
	}
	if len(at) == 0 {
		return nil
	}
	slices.SortFunc(at, (*big.Rat).Cmp)
	one, out := big.NewRat(1, 1), []string{}
	add := func(r *big.Rat) {
		if r.Sign() >= 0 { // no key of AWS's is negative
			out = append(out, decimal(r))
		}
	}
	add(new(big.Rat).Sub(at[0], one))
	for i, r := range at {
		add(r)
		if i+1 == len(at) {
			add(new(big.Rat).Add(r, one))
			continue
		}
		middle := new(big.Rat).Add(r, at[i+1])
		middle.Quo(middle, big.NewRat(2, 1))
		if !fractions {
			middle.SetInt(new(big.Int).Div(middle.Num(), middle.Denom()))
		}
		if middle.Cmp(r) > 0 && middle.Cmp(at[i+1]) < 0 {
			add(middle)
		}
	}
	return out
}

func decimal(r *big.Rat) string {
	if r.IsInt() {
		return r.Num().String()
	}
	return strings.TrimRight(r.FloatString(40), "0")
}

// dates returns the named times, a second after each, and a second before the first.
func dates(named []string) []string {
	var at []time.Time
	for _, n := range named {
		for _, layout := range [...]string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02"} {
			if t, err := time.Parse(layout, n); err == nil {
				at = append(at, t.UTC())
			}
		}
	}
	if len(at) == 0 {
		return nil
	}
	slices.SortFunc(at, time.Time.Compare)
	out := []string{at[0].Add(-time.Second).Format(time.RFC3339)}
	for _, t := range at {
		out = append(out, t.Format(time.RFC3339), t.Add(time.Second).Format(time.RFC3339))
	}
	return out
}

// addresses returns the first address of each family and of each range, and the one after each range: between two of
// these neighbours no range begins or ends.
func addresses(ranges []string) []string {
	if len(ranges) == 0 {
		return nil
	}
	at := []netip.Addr{netip.IPv4Unspecified(), netip.IPv6Unspecified()}
	for _, r := range ranges {
		p, err := netip.ParsePrefix(r)
		if err != nil {
			a, err := netip.ParseAddr(r)
			if err != nil {
				continue
			}
			p = netip.PrefixFrom(a, a.BitLen())
		}
		at = append(at, p.Masked().Addr())
		if after := last(p.Masked()).Next(); after.IsValid() {
			at = append(at, after)
		}
	}
	var out []string
	for _, a := range at {
		out = append(out, a.String())
	}
	return out
}

// last returns the last address of a range.
func last(p netip.Prefix) netip.Addr {
	b := p.Addr().AsSlice()
	for bit := p.Bits(); bit < len(b)*8; bit++ {
		b[bit/8] |= 0x80 >> (bit % 8)
	}
	a, _ := netip.AddrFromSlice(b)
	return a
}
