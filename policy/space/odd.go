package space

import (
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

// accountsBy returns patterns for the accounts that compare with a number as an operator's name says, "LessThan" say: an
// account counts as the number that its digits write.
func accountsBy(name string, n *big.Rat) []string {
	floor := new(big.Int).Div(n.Num(), n.Denom())
	whole := n.IsInt()
	switch {
	case name == "Equals" && !whole:
		return nil
	case name == "Equals":
		return accountsBelow(floor, true, false)
	case name == "LessThan":
		return accountsBelow(floor, !whole, true)
	case name == "LessThanEquals":
		return accountsBelow(floor, true, true)
	case name == "GreaterThan" || !whole:
		return accountsAbove(floor, false)
	}
	return accountsAbove(floor, true)
}

// accountsBelow returns patterns for the accounts below a number, and for the number itself.
func accountsBelow(n *big.Int, itself, below bool) []string {
	digits, in := padded(n)
	var out []string
	switch {
	case in && itself:
		out = append(out, digits)
	case !in && n.Sign() > 0 && below:
		return []string{strings.Repeat("?", digitsOfAccount)}
	}
	for i := 0; in && below && i < len(digits); i++ {
		for d := byte('0'); d < digits[i]; d++ {
			out = append(out, digits[:i]+string(d)+strings.Repeat("?", digitsOfAccount-i-1))
		}
	}
	return out
}

func accountsAbove(n *big.Int, itself bool) []string {
	digits, in := padded(n)
	var out []string
	switch {
	case in && itself:
		out = append(out, digits)
	case !in && n.Sign() < 0:
		return []string{strings.Repeat("?", digitsOfAccount)}
	}
	for i := 0; in && i < len(digits); i++ {
		for d := digits[i] + 1; d <= '9'; d++ {
			out = append(out, digits[:i]+string(d)+strings.Repeat("?", digitsOfAccount-i-1))
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
