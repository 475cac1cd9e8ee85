package main

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// near returns a value of a document that a request's value equals, matches or just misses.
func (g generator) near(p pair, k kind, value string) string {
	switch k {
	case address:
		return g.nearAddress(value)
	case number:
		return g.nearNumber(value)
	case date:
		return g.nearDate(value)
	case boolean:
		return pick(g, []string{value, value, "true", "false", "TRUE", "False"})
	case arn:
		return g.nearARN(p, value)
	}
	switch g.IntN(6) {
	case 0:
		return g.swapCase(value)
	case 1, 2:
		return g.blur(value)
	case 3, 4:
		return g.variable(p, value)
	}
	return value
}

// blur puts a wildcard into s: at the end, at the beginning, in the middle, or for one character.
func (g generator) blur(s string) string {
	runes := []rune(s)
	if len(runes) == 0 {
		return pick(g, []string{"*", "?", "?*", ""})
	}
	i := g.IntN(len(runes))
	j := i + g.IntN(len(runes)-i+1)
	switch g.IntN(6) {
	case 0:
		return string(runes[:i]) + "*"
	case 1:
		return "*" + string(runes[i:])
	case 2:
		return string(runes[:i]) + "*" + string(runes[j:])
	case 3:
		return string(runes[:i]) + "?" + string(runes[i+1:])
	case 4:
		return string(runes[:i]) + "?*" + string(runes[j:])
	}
	return string(runes[:i]) + "*" + string(runes[i:j]) + "*"
}

// variable puts a policy variable into s, for a part of s that is the value of a key when there is one.
func (g generator) variable(p pair, s string) string {
	for name, values := range sorted(p.context()) {
		if len(values) == 1 && values[0] != "" && strings.Contains(s, values[0]) && g.chance(0.7) {
			return strings.Replace(s, values[0], "${"+pick(g, []string{name, g.swapCase(name)})+"}", 1)
		}
	}
	if s == "" {
		return "${aws:username}"
	}
	_, first := utf8.DecodeRuneInString(s)
	return pick(g, []string{
		"${aws:username}", "${aws:PrincipalTag/team}", "${aws:PrincipalTag/nobody, '" + s + "'}", "${aws:username, '" + s + "'}",
		s[:first] + "${s3:prefix, ''}" + s[first:], s + "${*}", s[:first] + "*${?}", "${aws:PrincipalOrgPaths}",
		"${aws:CalledVia, '" + s + "'}", "${$}" + s, s + "${", "*${aws:username}*",
	})
}

func (g generator) swapCase(s string) string {
	if g.chance(0.5) {
		return strings.ToUpper(s)
	}
	return strings.ToLower(s)
}

func (g generator) nearAddress(value string) string {
	a, err := netip.ParseAddr(value)
	if err != nil {
		return value
	}
	switch g.IntN(6) {
	case 0:
		return value
	case 1:
		return a.StringExpanded()
	case 2:
		return netip.PrefixFrom(a, a.BitLen()).String()
	case 3:
		return pick(g, []string{"0.0.0.0/0", "::/0", "10.0.0.0/8", "203.0.113.0/24", "2001:db8::/32", "::ffff:203.0.113.0/120"})
	case 4:
		return netip.PrefixFrom(a.Next(), g.IntN(a.BitLen()+1)).Masked().String()
	}
	return fmt.Sprintf("%s/%d", a, g.IntN(a.BitLen()+1)) // with host bits
}

func (g generator) nearNumber(value string) string {
	n, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return value
	}
	short := strconv.FormatFloat(n, 'f', -1, 64)
	return pick(g, []string{
		value, value, short, short + ".0", strconv.FormatFloat(n+1, 'f', -1, 64), strconv.FormatFloat(n-1, 'f', -1, 64),
		strconv.FormatFloat(n+0.5, 'f', -1, 64), strconv.FormatFloat(n, 'e', -1, 64), "0" + value, "+" + value, "ten",
	})
}

func (g generator) nearDate(value string) string {
	t, err := time.Parse(time.RFC3339, value)
	if seconds, ok := strconv.ParseInt(value, 10, 64); ok == nil {
		t, err = time.Unix(seconds, 0).UTC(), nil
	}
	if err != nil {
		return value
	}
	t = t.Add(pick(g, []time.Duration{0, 0, time.Second, -time.Second, 24 * time.Hour, -24 * time.Hour}))
	return pick(g, []string{
		t.Format(time.RFC3339), t.In(time.FixedZone("", 2*3600)).Format(time.RFC3339), t.Format("2006-01-02"), t.Format("2006-01"),
		t.Format("2006-01-02T15:04Z07:00"), strconv.FormatInt(t.Unix(), 10), t.Format("2006"), t.Format(time.RFC3339Nano),
	})
}

func (g generator) nearARN(p pair, value string) string {
	parts := strings.SplitN(value, ":", 6)
	if len(parts) < 6 {
		return pick(g, []string{value, "*", "arn:*", g.blur(value)})
	}
	i := 1 + g.IntN(5)
	switch g.IntN(8) {
	case 0:
		return value
	case 1:
		return g.variable(p, value)
	case 2:
		return strings.Join(parts[:i], ":") + ":*"
	case 3:
		return pick(g, []string{"*", "arn:aws:*", "arn:aws:iam::*", g.swapCase(value)})
	case 4:
		return g.blur(value)
	case 5:
		parts[5] = g.variable(p, parts[5])
	case 6:
		parts[i] = "*"
	default:
		parts[i] = g.blur(parts[i])
	}
	return strings.Join(parts, ":")
}
