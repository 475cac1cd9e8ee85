package main

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// hostileSize is about how large a hostile document is.
const hostileSize = 20_000

const everything = "arn:aws:s3:::b/*"

// hostile returns documents made to be hard.
func hostile(g *rand.Rand) []string {
	return []string{formula(g), globs(g), variables(g)}
}

// statement is one that is about everybody.
func statement(effect, resource string, patterns []string, condition m) m {
	out := m{"Effect": effect, "Principal": "*", "Action": "s3:GetObject", resource: patterns}
	if len(condition) > 0 {
		out["Condition"] = condition
	}
	return out
}

// formula allows a request exactly when a random formula of three tags a clause has a solution.
func formula(g *rand.Rand) string {
	const tags = 32
	statements := []any{statement("Allow", "Resource", []string{everything}, nil)}
	for range tags * 43 / 10 {
		clause := m{}
		for range 3 {
			operator := []string{"StringEquals", "StringNotEquals"}[g.IntN(2)]
			if clause[operator] == nil {
				clause[operator] = m{}
			}
			clause[operator].(m)[fmt.Sprintf("aws:PrincipalTag/%d", g.IntN(tags))] = "1"
		}
		statements = append(statements, statement("Deny", "Resource", []string{everything}, clause))
	}
	return iam.NewDocument(statements...).Text()
}

// globs denies what starry patterns match, and what others do not match.
func globs(g *rand.Rand) string {
	pattern := func() string {
		s := "arn:aws:s3:::b/*"
		for range 3 + g.IntN(3) {
			s += string("abcdefghijklmnopqrst"[g.IntN(20)]) + []string{"*", "?*", "??"}[g.IntN(3)]
		}
		return s + "*"
	}
	return lists(func(int) string { return pattern() }, func(int) string { return pattern() })
}

// variables compares many policy variables with each other.
func variables(g *rand.Rand) string {
	return lists(
		func(n int) string { return fmt.Sprintf("arn:aws:s3:::b/${aws:PrincipalTag/t%d}/*", n) },
		func(n int) string { return fmt.Sprintf("arn:aws:s3:::b/${aws:PrincipalTag/t%d}/x%d*", n, g.IntN(100)) },
	)
}

// lists is a document that allows one list of patterns, and denies another one and what it does not match.
func lists(allow, deny func(n int) string) string {
	var allowed, denied []string
	for n := 0; len(strings.Join(allowed, "   "))+2*len(strings.Join(denied, "   ")) < hostileSize; n++ {
		allowed, denied = append(allowed, allow(n)), append(denied, deny(n))
	}
	return iam.NewDocument(
		statement("Allow", "Resource", allowed, nil), statement("Deny", "Resource", denied[:len(denied)/2], nil),
		statement("Deny", "NotResource", denied, nil),
	).Text()
}

// costly returns documents that take as long as one may, of about the largest that S3 takes, and larger ones.
func costly(g *rand.Rand) []string {
	numbered := func(size int, format string) []string {
		var out []string
		for n := 0; n < size; n += len(out[0]) + 3 {
			out = append(out, fmt.Sprintf(format, len(out)))
		}
		return out
	}
	ordered := func(kind string, size int, format string) string {
		list := numbered(size/2, format)
		return iam.NewDocument(
			statement("Allow", "Resource", []string{everything}, nil),
			statement("Deny", "Resource", []string{everything}, m{kind + "GreaterThan": m{"aws:PrincipalTag/t": list}}),
			statement("Deny", "Resource", []string{everything}, m{kind + "LessThan": m{"aws:PrincipalTag/t": list}}),
		).Text()
	}
	return append(hostile(g),
		ordered("Numeric", 19_000, "1%04d"), ordered("Date", 19_000, "2026-01-01T00:00:00.%03dZ"), ordered("Numeric", 110_000, "1%04d"),
		alternating(19_000), fmt.Sprintf(`{"Statement":[{"Sid":%q}]}`, strings.Repeat("s", 900_000)),
	)
}

// alternating has short Allows and Denies for everybody that all overlap.
func alternating(size int) string {
	var statements []any
	for i := range size / 150 {
		statements = append(statements, statement([]string{"Allow", "Deny"}[i%2], "Resource", []string{fmt.Sprintf("%s%d*", everything[:len(everything)-1], i/2)},
			m{"StringLike": m{fmt.Sprint("aws:PrincipalTag/", i%7): fmt.Sprintf("*%d", i)}}))
	}
	return iam.NewDocument(statements...).Text()
}
