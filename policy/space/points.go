package space

import (
	"cmp"
	"encoding/base64"
	"iter"
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

// representatives returns one value of each class of values that no condition on the key tells apart, in order: of numbers
// and dates, each that a condition asks for, each at which the answer of one turns, and one between each two of these; of
// addresses, where a range begins or has just ended. It is nil where the budget does not allow for it.
//
// S3 says of what is so or not true or false and nothing else, whatever a condition compares it with.
func (u *universe) representatives(s use, fresh string) []string {
	if k, _ := catalog.LookupKey(s.key); k.Type == catalog.TypeBool {
		return []string{"false", "true"}
	}
	texts := s.operands(iam.Comparison.Textual)
	out := slices.Clone(texts) // literal text, compared as such
	out = append(out, u.numbersOf(s)...)
	out = append(out, u.datesOf(s)...)
	out = append(out, u.addressesOf(s)...)
	if s.compares(func(c iam.Comparison) bool { return c == iam.BoolEquals }) {
		out = append(out, "true", "false")
	}
	if binaries := s.operands(func(c iam.Comparison) bool { return c == iam.BinaryEquals }); len(binaries) > 0 {
		out = append(out, base64.StdEncoding.EncodeToString([]byte(fresh)))
		out = append(out, binaries...)
	}
	if k, ok := catalog.LookupKey(s.key); !ok || k.Type == catalog.TypeString || k.Type == catalog.TypeARN || len(texts) > 0 {
		out = append(out, fresh) // text that nothing reads as anything
	}
	if !u.budget.take(costOfClass * len(out)) {
		return nil
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// mayBeBlank reports whether the caller writes the values of a key, so that one can be empty.
func mayBeBlank(key string) bool {
	k, known := catalog.LookupKey(key)
	return !known || k.Type == catalog.TypeString &&
		(!k.Global || k.Category == catalog.CategoryRequest || strings.Contains(k.Name, "Tag/"))
}

// counts reports whether the values of a key, in lower case, are whole numbers. Others, tags say, may be any number.
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
	for c := range s.each(of) {
		for _, v := range c.Values {
			out = append(out, v.Text)
		}
	}
	return out
}

// compares reports whether some condition compares in one of the ways.
func (s use) compares(of func(iam.Comparison) bool) bool {
	for range s.each(of) {
		return true
	}
	return false
}

// each yields the conditions that compare in one of the ways.
func (s use) each(of func(iam.Comparison) bool) iter.Seq[located] {
	return func(yield func(located) bool) {
		for _, c := range s.conditions {
			if op, ok := iam.ParseOperator(c.Operator); ok && of(op.Comparison) && !yield(c) {
				return
			}
		}
	}
}

// marks are the values that conditions name, in one reading: what they ask for as it is, and where their answer turns.
type marks struct{ equal, turns []string }

// marks sorts out what conditions of an ordered kind name. Where many values are compared by order, the ends of them decide.
func (u *universe) marks(s use, of func(iam.Comparison) bool) marks {
	var out marks
	for c := range s.each(of) {
		op, _ := iam.ParseOperator(c.Operator)
		sieve := u.sieve(c)
		switch {
		case sieve == nil: // the budget is spent
		case op.Comparison == iam.NumericEquals || op.Comparison == iam.DateEquals:
			for _, v := range c.Values {
				out.equal = append(out.equal, v.Text)
			}
		default:
			for _, v := range sieve.ends {
				if v != nil {
					out.turns = append(out.turns, v.Text)
				}
			}
		}
	}
	return out
}

// numbersOf returns the numbers that matter, of those that the key can have: only a tag can be negative.
func (u *universe) numbersOf(s use) []string {
	if !s.compares(numeric) {
		return nil
	}
	key := strings.ToLower(s.key)
	whole, negative := counts(key), strings.Contains(key, "tag/")
	var out []string
	asked := map[authz.Number]bool{}
	add := func(r *big.Rat) {
		text := decimal(r)
		if n, _ := authz.ParseNumber(text); !asked[n] && (!whole || r.IsInt()) && (negative || r.Sign() >= 0) {
			asked[n] = true
			out = append(out, text)
		}
	}
	marks := u.marks(s, numeric)
	for r := range rationals(marks.equal) {
		add(r)
	}
	turns := slices.SortedFunc(rationals(append(marks.turns, "0")), (*big.Rat).Cmp)
	turns = slices.CompactFunc(turns, func(a, b *big.Rat) bool { return a.Cmp(b) == 0 })
	free := func(r *big.Rat) bool {
		n, _ := authz.ParseNumber(decimal(r))
		return !asked[n] || !u.budget.take(costOfOperand)
	}
	for i := range len(turns) + 1 {
		var below, above *big.Rat
		if i > 0 {
			below = turns[i-1]
			add(below)
		}
		if i < len(turns) {
			above = turns[i]
		}
		if r := between(below, above, whole, free); r != nil {
			add(r)
		}
	}
	return out
}

func rationals(texts []string) iter.Seq[*big.Rat] {
	return func(yield func(*big.Rat) bool) {
		for _, text := range texts {
			if r, ok := rational(text); ok && !yield(r) {
				return
			}
		}
	}
}

// between returns a free number between two others, either of which may be nil for none: a whole one where there is one next
// to the first. It is nil where no whole one is there and it has to be one.
func between(below, above *big.Rat, whole bool, free func(*big.Rat) bool) *big.Rat {
	one := big.NewRat(1, 1)
	if below == nil {
		r := new(big.Rat).SetInt(floor(new(big.Rat).Sub(above, one)))
		for !free(r) {
			r.Sub(r, one)
		}
		return r
	}
	next := new(big.Rat).SetInt(floor(new(big.Rat).Add(below, one)))
	for above == nil || next.Cmp(above) < 0 {
		if free(next) {
			return next
		}
		if above != nil && !whole {
			break
		}
		next.Add(next, one)
	}
	if whole {
		return nil
	}
	middle := above
	for half := big.NewRat(1, 2); ; {
		middle = new(big.Rat).Add(below, middle)
		if middle.Mul(middle, half); free(middle) {
			return middle
		}
	}
}

func floor(r *big.Rat) *big.Int { return new(big.Int).Div(r.Num(), r.Denom()) }

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
	return strings.TrimRight(r.FloatString(r.Denom().BitLen()), "0") // as each digit takes a factor 2 or 5 off
}

// datesOf returns the times that matter. aws:EpochTime has them as seconds since 1970.
func (u *universe) datesOf(s use) []string {
	if !s.compares(date) {
		return nil
	}
	epoch := strings.EqualFold(s.key, "aws:EpochTime")
	var out []string
	asked := map[instant]bool{}
	add := func(i instant) {
		if !asked[i] {
			asked[i] = true
			out = append(out, i.spell(epoch))
		}
	}
	marks := u.marks(s, date)
	for _, text := range marks.equal {
		for _, i := range instants(text) {
			add(i)
		}
	}
	turns := []instant{{second: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Unix()}}
	for _, text := range marks.turns {
		turns = append(turns, instants(text)...)
	}
	slices.SortFunc(turns, instant.compare)
	turns = slices.Compact(turns)
	free := func(i instant) bool { return !asked[i] || !u.budget.take(costOfOperand) }
	before := turns[0]
	for before.second--; !free(before); before.second-- {
	}
	add(before)
	for i, t := range turns {
		add(t)
		var end *instant
		if i+1 < len(turns) {
			end = &turns[i+1]
		}
		if next, ok := t.after(end, epoch, free); ok {
			add(next)
		}
	}
	return out
}

// after returns a free instant after another one and before an end, which may be nil for none: a whole second later where
// that is one. ok is false where there is none and it has to be whole seconds.
func (i instant) after(end *instant, whole bool, free func(instant) bool) (next instant, ok bool) {
	for next = (instant{i.second + 1, i.nanosecond}); end == nil || next.compare(*end) < 0; next.second++ {
		if free(next) {
			return next, true
		}
		if end != nil && !whole {
			break
		}
	}
	for next = (instant{i.second, i.nanosecond + 1}); !whole && next.compare(*end) < 0; next.nanosecond++ {
		if free(next) {
			return next, true
		}
	}
	return instant{}, false
}

// spell writes an instant as a value of a key.
func (i instant) spell(epoch bool) string {
	t := i.time()
	if epoch || t.Year() < 0 || t.Year() > 9999 {
		return strconv.FormatInt(i.second, 10)
	}
	return t.Format(time.RFC3339Nano)
}

// addressesOf returns the first address of each family and of each range, and the one after each range: between two of
// these neighbours no range begins or ends.
func (u *universe) addressesOf(s use) []string {
	isAddress := func(c iam.Comparison) bool { return c == iam.IPAddress }
	if !s.compares(isAddress) {
		return nil
	}
	out := []string{netip.IPv4Unspecified().String(), netip.IPv6Unspecified().String()}
	for c := range s.each(isAddress) {
		sieve := u.sieve(c)
		if sieve == nil || !u.budget.take(costOfOperand*len(sieve.ranges)) {
			return nil
		}
		for _, r := range sieve.ranges {
			out = append(out, r.Addr().String())
			if after := last(r.Prefix).Next(); after.IsValid() {
				out = append(out, after.String())
			}
		}
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
