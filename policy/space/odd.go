package space

import (
	"cmp"
	"math/big"
	"strconv"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// oddFacets reads a condition that compares who calls as if it were a number, a date, an address or a truth. Accounts are
// numbers; no ARN is any of these, so that one look settles it; for the rest the answer is open.
func (u *universe) oddFacets(c located, dim int, op iam.Operator, whenAbsent authz.Match) [][]facet {
	absent := whenAbsent == authz.Yes != op.Negated
	switch {
	case dim == dimAccount && numeric(op.Comparison) && op.Quantifier == iam.None && allRational(c):
		var langs []glob.Language
		for _, v := range c.Values {
			n, _ := rational(v.Text)
			for _, p := range accountsBy(strings.TrimPrefix(string(op.Comparison), "Numeric"), n) {
				langs = append(langs, glob.Compile(p).Language())
			}
		}
		made := u.intern("number"+predicateText(c), func() *set { return &set{langs: langs, absent: absent} })
		return one(facet{dim, made, op.Negated})
	case dim == dimCaller || dim == dimAccount && (op.Comparison == iam.IPAddress || op.Comparison == iam.BoolEquals):
		if m := match(c, constants[rootCaller][callerKeys[dim]][0], true); m != authz.Maybe {
			made := u.intern("never"+predicateText(c), func() *set { return &set{absent: absent} })
			if (m == authz.Yes) != op.Negated {
				made = u.intern("always"+predicateText(c), func() *set { return &set{langs: like("*"), absent: absent} })
			}
			return one(facet{dim, made, op.Negated})
		}
	}
	return u.open(c, dim, whenAbsent)
}

// The sides of a number on which accounts may lie.
const (
	below = -1
	at    = 0
	above = 1
)

// accountsBy returns patterns for the accounts that compare with a number as an operator's name says, "LessThan" say: an
// account counts as the number that its digits write.
func accountsBy(name string, n *big.Rat) []string {
	floor, whole := new(big.Int).Div(n.Num(), n.Denom()), n.IsInt()
	switch {
	case name == "Equals" && !whole:
		return nil
	case name == "Equals":
		return accountsBeside(floor, at, true)
	case strings.HasPrefix(name, "LessThan"):
		return accountsBeside(floor, below, name == "LessThanEquals" || !whole)
	}
	return accountsBeside(floor, above, name == "GreaterThanEquals" && whole)
}

// accountsBeside returns patterns for the accounts on one side of a number, and for the number itself.
func accountsBeside(n *big.Int, side int, itself bool) []string {
	digits, in := padded(n)
	switch {
	case !in && n.Sign() == -side && side != at: // beyond all accounts, on the other side
		return []string{strings.Repeat("?", digitsOfAccount)}
	case !in:
		return nil
	}
	var out []string
	if itself {
		out = append(out, digits)
	}
	for i := range digits {
		for d := byte('0'); d <= '9'; d++ {
			if cmp.Compare(d, digits[i]) == side && side != at {
				out = append(out, digits[:i]+string(d)+strings.Repeat("?", digitsOfAccount-i-1))
			}
		}
	}
	return out
}

// padded writes a number as an account; in is false for one that none is.
func padded(n *big.Int) (digits string, in bool) {
	if n.Sign() < 0 || len(n.String()) > digitsOfAccount {
		return "", false
	}
	text := strconv.FormatInt(n.Int64(), 10)
	return strings.Repeat("0", digitsOfAccount-len(text)) + text, true
}
