package space

import (
	"cmp"
	"encoding/base64"
	"math/big"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// representatives returns one value of each class of values that no condition on the key tells apart: of numbers and
// dates, each that is named and one between each two; of addresses, where a range begins or has just ended.
//
// S3 says of what is so or not true or false and nothing else, whatever a condition compares it with.
func (s use) representatives(fresh string) []string {
	if k, _ := catalog.LookupKey(s.key); k.Type == catalog.TypeBool {
		return []string{"false", "true"}
	}
	texts := s.operands(isText)
	out := slices.Clone(texts) // literal text, compared as such
	out = append(out, numbers(s.operands(numeric), strings.ToLower(s.key))...)
	out = append(out, dates(s.operands(date), strings.EqualFold(s.key, "aws:EpochTime"))...)
	out = append(out, addresses(s.operands(func(c iam.Comparison) bool { return c == iam.IPAddress }))...)
	if len(s.operands(func(c iam.Comparison) bool { return c == iam.BoolEquals })) > 0 {
		out = append(out, "true", "false")
	}
	if binaries := s.operands(func(c iam.Comparison) bool { return c == iam.BinaryEquals }); len(binaries) > 0 {
		out = append(out, base64.StdEncoding.EncodeToString([]byte(fresh)))
		out = append(out, binaries...)
	}
	if k, ok := catalog.LookupKey(s.key); !ok || k.Type == catalog.TypeString || k.Type == catalog.TypeARN || len(texts) > 0 {
		out = append(out, fresh) // text that nothing reads as anything
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// mayBeBlank tells whether the caller writes the values of a key, so that one can be empty.
func mayBeBlank(key string) bool {
	k, known := catalog.LookupKey(key)
	return !known || k.Type == catalog.TypeString &&
		(!k.Global || k.Category == catalog.CategoryRequest || strings.Contains(k.Name, "Tag/"))
}

// counts tells whether the values of a key, in lower case, are whole numbers. Others, tags say, may be any number.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html#amazons3-policy-keys
func counts(key string) bool {
	switch key {
	case "aws:multifactorauthage", "s3:max-keys", "s3:signatureage", "s3:object-lock-remaining-retention-days":
		return true
	}
	return false
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

// numbers returns the named numbers and 0, and one in each gap, of those that the key can have: only a tag can be negative.
func numbers(named []string, key string) []string {
	if len(named) == 0 {
		return nil
	}
	at := []*big.Rat{new(big.Rat)}
	for _, n := range named {
		if r, ok := rational(n); ok {
			at = append(at, r)
		}
	}
	slices.SortFunc(at, (*big.Rat).Cmp)
	one, out, whole := big.NewRat(1, 1), []string{}, counts(key)
	add := func(r *big.Rat) {
		if (!whole || r.IsInt()) && (r.Sign() >= 0 || strings.Contains(key, "tag/")) {
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
		add(middle)
		// The next whole number, where the middle is none.
		above := new(big.Int).Div(r.Num(), r.Denom())
		if next := new(big.Rat).SetInt(above.Add(above, big.NewInt(1))); next.Cmp(at[i+1]) < 0 {
			add(next)
		}
	}
	if r := at[len(at)-1]; whole && !r.IsInt() {
		add(new(big.Rat).SetInt(new(big.Int).Add(new(big.Int).Div(r.Num(), r.Denom()), big.NewInt(1))))
	}
	return out
}

// rational reads a number that can be written out: of digits, a point and a small exponent.
func rational(s string) (*big.Rat, bool) {
	_, power, _ := strings.Cut(strings.ToLower(s), "e")
	exponent, err := strconv.Atoi(cmp.Or(power, "0"))
	if err != nil || len(s) > 32 || exponent < -maxExponent || exponent > maxExponent || strings.Trim(s, "+-.0123456789eE") != "" {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

const maxExponent = 32

// decimal writes out what rational has read, or the half of it.
func decimal(r *big.Rat) string {
	if r.IsInt() {
		return r.Num().String()
	}
	return strings.TrimRight(r.FloatString(2*maxExponent+2), "0")
}

// dates returns the named times, a second after each, and a second before the first. aws:EpochTime has them as seconds
// since 1970.
func dates(named []string, epoch bool) []string {
	if len(named) == 0 {
		return nil
	}
	at := []time.Time{time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	for _, n := range named {
		for _, t := range authz.Times(n) {
			at = append(at, t.UTC())
		}
	}
	slices.SortFunc(at, time.Time.Compare)
	spell := func(t time.Time) string { return t.Format(time.RFC3339) }
	if epoch {
		spell = func(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }
	}
	out := []string{spell(at[0].Add(-time.Second))}
	for _, t := range at {
		out = append(out, spell(t), spell(t.Add(time.Second)))
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
