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
