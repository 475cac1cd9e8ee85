package glob

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func arnLanguage(t testing.TB, pattern string) Language {
	t.Helper()
	a, ok := CompileARN(pattern)
	if !ok {
		t.Fatalf("CompileARN(%q) refuses it", pattern)
	}
	return a.Language()
}

func TestLanguageHas(t *testing.T) {
	cases := []struct {
		l    Language
		s    string
		want bool
	}{
		{Compile("a*").Language(), "ab", true},
		{Compile("a*").Language(), "Ab", false},
		{Compile("A*").FoldLanguage(), "ab", true},
		{Compile("a*").FoldLanguage(), "Ab", true},
		{Compile("k").FoldLanguage(), "\u212A", true},
		{Compile("?b").FoldLanguage(), "b", false},
		{Literal("*").Language(), "*", true},
		{Literal("*").Language(), "a", false},
		{Compile("arn:*:b").Language(), "arn:aws:s3:::b", true},
		{arnLanguage(t, "arn:aws:s3:::b/*"), "arn:aws:s3:::b/k:v", true},
		{arnLanguage(t, "arn:aws:*:::b"), "arn:aws:s3:::b", true},
		{arnLanguage(t, "arn:aws:*:b:c:d"), "arn:aws:x:y:b:c:d", false},
		{arnLanguage(t, "arn:aws:iam::?:root"), "arn:aws:iam:::root", false},
		{ARN{}.Language(), ":::::", false},
		{Language{}, "", true},
		{Language{}, "a", false},
	}
	for _, c := range cases {
		if got := c.l.Has(c.s); got != c.want {
			t.Errorf("%+v.Has(%q) = %v, want %v", c.l, c.s, got, c.want)
		}
	}
}

func TestLanguageIncludes(t *testing.T) {
	arn := func(s string) Language { return arnLanguage(t, s) }
	cases := []struct {
		outer, inner Language
		want         bool
	}{
		{Compile("a*").Language(), Compile("ab*").Language(), true},
		{Compile("ab*").Language(), Compile("a*").Language(), false},
		{Compile("A*").FoldLanguage(), Compile("aB*").FoldLanguage(), true},
		{Compile("A*").FoldLanguage(), Compile("aB*").Language(), true},
		{Compile("b*").FoldLanguage(), Compile("A").Language(), false},
		{Compile("*").Language(), Compile("a").FoldLanguage(), true},
		{Compile("a*").Language(), Compile("a").FoldLanguage(), false},
		{arn("arn:aws:s3:::*"), arn("arn:aws:s3:::b"), true},
		{arn("arn:aws:*:::b"), arn("arn:aws:s3:::*"), false},
		{arn("arn:*:*:*:*:*"), Compile("arn:aws:s3:::b").Language(), false}, // not known
		{Compile("arn:aws:*").Language(), arn("arn:aws:iam::*:role/*"), true},
		{Compile("arn:aws:*:x").Language(), arn("arn:aws:iam::*:role/*"), false},
		{Compile("*").FoldLanguage(), arn("arn:aws:iam::*:role/*"), false}, // not known
	}
	for _, c := range cases {
		if got := c.outer.Includes(c.inner); got != c.want {
			t.Errorf("%+v.Includes(%+v) = %v, want %v", c.outer, c.inner, got, c.want)
		}
	}
}

func TestLanguageDisjoint(t *testing.T) {
	arn := func(s string) Language { return arnLanguage(t, s) }
	cases := []struct {
		l, m Language
		want bool
	}{
		{Compile("a*").Language(), Compile("*b").Language(), false},
		{Compile("a*").Language(), Compile("b*").Language(), true},
		{Compile("A*").Language(), Compile("a*").FoldLanguage(), false},
		{Compile("A*").Language(), Compile("a*").Language(), true},
		{Compile("B*").Language(), Compile("a*").FoldLanguage(), true},
		{arn("arn:aws:iam::*:role/*"), Compile("arn:aws:s3*").Language(), true},
		{arn("arn:aws:iam::*:role/*"), arn("arn:aws:iam::1:*"), false},
		{arn("arn:aws:iam::*:role/*"), arn("arn:aws:iam::1:user/*"), true},
	}
	for _, c := range cases {
		if got := c.l.Disjoint(c.m); got != c.want {
			t.Errorf("%+v.Disjoint(%+v) = %v, want %v", c.l, c.m, got, c.want)
		}
		if got := c.m.Disjoint(c.l); got != c.want {
			t.Errorf("%+v.Disjoint(%+v) = %v, want %v", c.m, c.l, got, c.want)
		}
	}
}

// languages makes lists of languages over few letters, so that they meet.
type languages struct{ *rand.Rand }

func (g languages) text(letters string, n int) string {
	var b strings.Builder
	for range n {
		b.WriteByte(letters[g.IntN(len(letters))])
	}
	return b.String()
}

func (g languages) one() Language {
	switch g.IntN(5) {
	case 0:
		return Compile(g.text("abAB*?", g.IntN(5))).FoldLanguage()
	case 1:
		parts := []string{"arn", "", "", "", "", ""}
		for i := 1; i < len(parts); i++ {
			parts[i] = g.text("a*?", g.IntN(2))
		}
		parts[5] = g.text("ab:*?", g.IntN(3))
		a, _ := CompileARN(strings.Join(parts, ":"))
		return a.Language()
	case 2:
		return Compile("arn:" + g.text("a:*?", g.IntN(6))).Language()
	}
	return Compile(g.text("ab:*?", g.IntN(6))).Language()
}

func (g languages) list(least int) []Language {
	var out []Language
	for range least + g.IntN(3) {
		out = append(out, g.one())
	}
	return out
}

// samples are the strings that the languages of the tests are asked about. The last letters are in no pattern.
func samples() []string {
	list := words("aAb:x", 4)
	for _, rest := range words("a:x", 6) {
		if strings.Count(rest, ":") >= 4 {
			list = append(list, "arn:"+rest)
		}
	}
	return list
}

func TestLanguagesAgainstEnumeration(t *testing.T) {
	g, all := languages{rand.New(rand.NewPCG(3, 4))}, samples()
	for range 1500 {
		l, m := g.one(), g.one()
		includes, disjoint := l.Includes(m), l.Disjoint(m)
		for _, s := range all {
			inL, inM := l.Has(s), m.Has(s)
			if includes && inM && !inL {
				t.Fatalf("%+v is said to include %+v, and lacks its %q", l, m, s)
			}
			if disjoint && inM && inL {
				t.Fatalf("%+v and %+v are said to be disjoint, and share %q", l, m, s)
			}
		}
	}
}
