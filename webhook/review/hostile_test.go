package review

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// everything is what hostile statements are about.
const everything = "arn:aws:s3:::b/*"

// hostiles are the ways that are known to have a document take long, as what makes one of about so many bytes.
var hostiles = map[string]func(size int) string{
	"numbers": numbers, "dates": dates, "addresses": addresses, "every kind of value": everyKind, "conditions": manyConditions,
	"3-SAT": formula, "globs": globs, "infixes": infixes, "long patterns": longPatterns, "keys": manyKeys, "values": manyValues,
	"Nots": nots, "callers": manyCallers, "lists of callers": listsOfCallers, "patterns of callers": callerPatterns, "variables": manyVariables,
	"actions": manyActions, "statements": manyStatements, "overlapping": overlapping, "repeated": repeated,
	"unknown keys": unknownKeys, "unknown variables": unknownVariables, "unknown operators": unknownOperators,
	"a long number": longNumber, "white space": spaces, "depth": deep,
}

// largest returns the largest document of a kind that S3 takes.
func largest(make func(size int) string) string {
	for size := iam.MostKept; ; size -= size / 20 {
		if text := make(size); len(text) <= iam.MostKept {
			return text
		}
	}
}

// statement is one about everybody and all objects, but for what more says.
func statement(effect string, more m) m {
	out := m{"Effect": effect, "Principal": "*", "Action": "s3:GetObject", "Resource": everything}
	for k, v := range more {
		out[k] = v
		if plain, ok := strings.CutPrefix(k, "Not"); ok {
			delete(out, plain)
		}
	}
	return out
}

func policyOf(statements ...any) string { return iam.NewDocument(statements...).Text() }

// upTo returns as many of what next makes as have about so many bytes together.
func upTo(size int, next func(i int) string) []string {
	var out []string
	for n := 0; n < size; {
		s := next(len(out))
		out = append(out, s)
		n += len(s) + 3
	}
	return out
}

const tag = "aws:PrincipalTag/t"

// numbers compares one tag with many numbers.
func numbers(size int) string {
	list := upTo(size/2, func(i int) string { return fmt.Sprint(1000 + i) })
	return policyOf(statement("Allow", nil),
		statement("Deny", m{"Condition": m{"NumericGreaterThan": m{tag: list}}}),
		statement("Deny", m{"Condition": m{"NumericLessThan": m{tag: list}}}))
}

func dates(size int) string {
	list := upTo(size/2, func(i int) string { return fmt.Sprintf("2026-01-%02dT%02d:%02d:00Z", 1+i/1440%28, i/60%24, i%60) })
	return policyOf(statement("Allow", nil),
		statement("Deny", m{"Condition": m{"DateGreaterThan": m{tag: list}}}),
		statement("Deny", m{"Condition": m{"DateLessThan": m{tag: list}}}))
}

func addresses(size int) string {
	list := upTo(size/2, func(i int) string { return fmt.Sprintf("10.%d.%d.0/24", i/256%256, i%256) })
	return policyOf(statement("Allow", m{"Condition": m{"IpAddress": m{"aws:SourceIp": list}}}),
		statement("Deny", m{"Condition": m{"NotIpAddress": m{"aws:SourceIp": list[1:]}}}))
}

// everyKind compares one tag in every way at once.
func everyKind(size int) string {
	part := size / 6
	return policyOf(statement("Allow", nil),
		statement("Deny", m{"Condition": m{
			"NumericGreaterThan": m{tag: upTo(part, func(i int) string { return fmt.Sprint(i * 3) })},
			"DateLessThan":       m{tag: upTo(part, func(i int) string { return fmt.Sprint(1_700_000_000 + i) })},
			"IpAddress":          m{tag: upTo(part, func(i int) string { return fmt.Sprintf("10.%d.%d.0/24", i/256, i%256) })},
		}}),
		statement("Deny", m{"Condition": m{
			"StringEquals":            m{tag: upTo(part, func(i int) string { return fmt.Sprint(i) })},
			"StringEqualsIgnoreCase":  m{tag: upTo(part, func(i int) string { return fmt.Sprint("x", i) })},
			"NumericLessThanIfExists": m{tag: upTo(part, func(i int) string { return fmt.Sprint(i*7, ".5") })},
		}}))
}

// manyConditions has many conditions with few values on one key.
func manyConditions(size int) string {
	statements := []any{statement("Allow", nil)}
	for i := 0; len(statements)*130 < size; i++ {
		statements = append(statements, statement("Deny", m{"Condition": m{
			[]string{"NumericEquals", "NumericLessThan", "DateEquals"}[i%3]: m{tag: fmt.Sprint(i)}}}))
	}
	return policyOf(statements...)
}

// formula allows a request exactly when a random formula of three tags a clause has a solution.
func formula(size int) string {
	g := rand.New(rand.NewPCG(1, 2))
	statements := []any{statement("Allow", nil)}
	for clauses := size / 190; len(statements) <= clauses; {
		clause := m{}
		for range 3 {
			operator := []string{"StringEquals", "StringNotEquals"}[g.IntN(2)]
			if clause[operator] == nil {
				clause[operator] = m{}
			}
			clause[operator].(m)[fmt.Sprint(tag, g.IntN(clauses*10/43+1))] = "1"
		}
		statements = append(statements, statement("Deny", m{"Condition": clause}))
	}
	return policyOf(statements...)
}

// globs denies what starry patterns match, and what others do not.
func globs(size int) string {
	g := rand.New(rand.NewPCG(3, 4))
	pattern := func(int) string {
		s := "arn:aws:s3:::b/*"
		for range 3 + g.IntN(3) {
			s += string("abcdefghijklmnopqrst"[g.IntN(20)]) + []string{"*", "?*", "??"}[g.IntN(3)]
		}
		return s + "*"
	}
	return policyOf(statement("Allow", m{"Resource": upTo(size/3, pattern)}),
		statement("Deny", m{"Resource": upTo(size/3, pattern)}), statement("Deny", m{"NotResource": upTo(size/3, pattern)}))
}

func infixes(size int) string {
	numbered := func(format string) []string {
		return upTo(size/2, func(i int) string { return fmt.Sprintf(format, i) })
	}
	return policyOf(statement("Allow", nil), statement("Deny", m{"Resource": numbered("arn:aws:s3:::b/*%d*")}),
		statement("Deny", m{"NotResource": numbered("arn:aws:s3:::b/*x%d*y*")}))
}

func manyKeys(size int) string {
	keys := m{}
	for i := range size / 30 {
		keys[fmt.Sprint(tag, i)] = fmt.Sprint(i)
	}
	return policyOf(statement("Allow", nil), statement("Deny", m{"Condition": m{"StringEquals": keys}}))
}

func manyValues(size int) string {
	return policyOf(statement("Allow", m{"Condition": m{
		"StringLike":    m{tag: upTo(size/2, func(i int) string { return fmt.Sprintf("a%d*b", i) })},
		"StringNotLike": m{tag: upTo(size/2, func(i int) string { return fmt.Sprintf("*%db", i) })},
	}}))
}

func nots(size int) string {
	statements := []any{statement("Allow", m{"Action": "s3:*"})}
	for i := range size / 150 {
		statements = append(statements, statement("Deny", m{
			"NotPrincipal": m{"AWS": fmt.Sprintf("arn:aws:iam::%012d:root", 111122223333+i)}, "NotAction": "s3:Get*",
			"NotResource": fmt.Sprintf("arn:aws:s3:::b/%d*", i),
		}))
	}
	return policyOf(statements...)
}

func manyCallers(size int) string {
	return policyOf(
		statement("Allow", m{"Principal": m{"AWS": upTo(size, func(i int) string { return fmt.Sprintf("arn:aws:iam::%012d:role/a", 111122223333+i) })}}),
		statement("Deny", m{"Condition": m{"StringNotLike": m{"aws:PrincipalArn": "arn:aws:iam::1111*:role/a"}}}))
}

func callerPatterns(size int) string {
	return policyOf(
		statement("Allow", m{"Condition": m{"StringLike": m{"aws:PrincipalAccount": upTo(size/2, func(i int) string { return fmt.Sprintf("%d*%d", i, i%10) })}}}),
		statement("Deny", m{"Condition": m{"ArnLike": m{"aws:PrincipalArn": upTo(size/2, func(i int) string { return fmt.Sprintf("arn:aws:iam::%d*:role/*%d", i, i) })}}}))
}

func manyVariables(size int) string {
	list := func(format string, size int) []string {
		return upTo(size, func(i int) string { return fmt.Sprintf(format, i) })
	}
	return policyOf(statement("Allow", m{"Resource": list("arn:aws:s3:::b/${aws:PrincipalTag/t%d}/*", size/3)}),
		statement("Deny", m{"Resource": list("arn:aws:s3:::b/${aws:PrincipalTag/t%d}/x*", size/3)}),
		statement("Deny", m{"NotResource": list("arn:aws:s3:::b/${aws:PrincipalTag/t%d}/y*", size/3)}))
}

func manyActions(size int) string {
	return policyOf(statement("Allow", m{"Action": upTo(size/2, func(i int) string { return fmt.Sprintf("s3:*%d*t", i) })}),
		statement("Deny", m{"NotAction": upTo(size/2, func(i int) string { return fmt.Sprintf("s3:Unknown%d", i) })}))
}

// manyStatements has short statements for everybody that all overlap.
func manyStatements(size int) string {
	var statements []any
	for i := range size / 140 {
		statements = append(statements, m{
			"Effect": []string{"Allow", "Deny"}[i%2], "Principal": "*", "Action": []string{"s3:Get*", "s3:Put*", "s3:*Object"}[i%3],
			"Resource": fmt.Sprintf("arn:aws:s3:::b/%d*", i/2), "Condition": m{"StringLike": m{fmt.Sprint(tag, i%7): fmt.Sprintf("*%d", i)}},
		})
	}
	return policyOf(statements...)
}

func longNumber(size int) string {
	return policyOf(statement("Allow", m{"Condition": m{"NumericEquals": m{tag: strings.Repeat("9", size)}}}))
}

func spaces(size int) string {
	text := numbers(min(size, 10_000))
	return text[:1] + strings.Repeat(" ", max(0, size-len(text))) + text[1:]
}

func deep(size int) string {
	return `{"Version":"2012-10-17","Statement":` + strings.Repeat("[", size/2) + strings.Repeat("]", size/2) + "}"
}

func unknownKeys(size int) string {
	keys := m{}
	for i := range size / 25 {
		keys[fmt.Sprintf("s3:x-amz-copy%d", i)] = "x"
	}
	return policyOf(statement("Allow", m{"Condition": m{"StringEquals": keys}}))
}

func unknownOperators(size int) string {
	keys := m{}
	for i := range size / 45 {
		keys[fmt.Sprintf("StringEqual%d", i)] = m{"aws:userid": "x"}
	}
	return policyOf(statement("Allow", m{"Condition": keys}))
}

func unknownVariables(size int) string {
	return policyOf(statement("Allow", m{"Resource": upTo(size, func(i int) string { return fmt.Sprintf("arn:aws:s3:::b/${s3:prefik%d}", i) })}))
}

// overlapping has Allows and Denies whose products are many.
func overlapping(size int) string {
	var st []any
	for i := range size / 2 / 120 {
		st = append(st, statement("Allow", m{"Resource": fmt.Sprintf("arn:aws:s3:::b/*%d*", i)}),
			statement("Deny", m{"NotResource": fmt.Sprintf("arn:aws:s3:::b/*%d?*", i)}))
	}
	return policyOf(st...)
}

// repeated says everything twice, so that something may go.
func repeated(size int) string {
	var st []any
	for i := range size / 200 {
		st = append(st, statement("Allow", m{"Sid": fmt.Sprint("S", i), "Action": []string{"s3:GetObject", "s3:Get*", "s3:GetObject*"},
			"Resource": []string{"arn:aws:s3:::b/*", fmt.Sprintf("arn:aws:s3:::b/%d*", i%3), "arn:aws:s3:::b/?*"}}))
	}
	return policyOf(st...)
}

func longPatterns(size int) string {
	long := func(s string) string { return "arn:aws:s3:::b/*" + strings.Repeat(s, min(900, size/len(s)/16)) + "*" }
	var a, d []string
	for i := range 8 {
		a = append(a, long("a?")+fmt.Sprint(i))
		d = append(d, long("?a")+fmt.Sprint(i))
	}
	return policyOf(statement("Allow", m{"Resource": a}), statement("Deny", m{"Resource": d}), statement("Deny", m{"NotResource": a}))
}

func listsOfCallers(size int) string {
	one := func(i int) m {
		return m{"AWS": upTo(size/4, func(j int) string { return fmt.Sprintf("arn:aws:iam::%012d:role/p%d/r", 111122223333+j, i) })}
	}
	return policyOf(statement("Allow", m{"Principal": one(1)}), statement("Allow", m{"Principal": one(2), "Action": "s3:PutObject"}),
		statement("Deny", m{"NotPrincipal": one(1)}), statement("Deny", m{"Principal": one(2)}))
}
