package glob

import (
	"strings"
	"testing"
	"unicode"
)

func TestText(t *testing.T) {
	cases := []struct {
		pattern Pattern
		want    string
	}{
		{Pattern{}, ""},
		{Compile("a"), "a"},
		{Compile("a?*b"), "a?*b"},
		{Compile("*?*?*"), "??*"},
		{Compile("a**"), "a*"},
		{Literal("a*?"), "a*?"},
		{Literal("\xff"), "\uFFFD"},
		{Literal("\xfe\xff*"), "\uFFFD\uFFFD*"},
		{Compile("\xfe\xff*"), "\uFFFD\uFFFD*"},
		{Concat(), ""},
		{Concat(Compile("b/"), Literal("*"), Compile("/*")), "b/${*}/*"},
		{Concat(Compile("*"), Literal("?")), "*${?}"},
		{Concat(Compile("*"), Compile("?"), Compile("*")), "?*"},
		{Concat(Literal("\xe6"), Literal("\x97\xa5")), "\uFFFD\uFFFD\uFFFD"},
		{Compile("S3:GET*").Fold(), "s3:get*"},
		{Compile("É\u212A\u017F?").Fold(), "éks?"},
	}
	for _, c := range cases {
		if got := c.pattern.Text(); got != c.want {
			t.Errorf("Text() = %q, want %q", got, c.want)
		}
	}
}

func TestPrefixSuffix(t *testing.T) {
	cases := []struct {
		pattern        Pattern
		prefix, suffix string
		literal        bool
	}{
		{Pattern{}, "", "", true},
		{Compile("ab"), "ab", "ab", true},
		{Literal("*"), "*", "*", true},
		{Compile("*"), "", "", false},
		{Compile("é?ü"), "é", "ü", false},
		{Concat(Literal("a*"), Compile("*b?"), Literal("?c")), "a*", "?c", false},
	}
	for _, c := range cases {
		if got := c.pattern.Prefix(); got != c.prefix {
			t.Errorf("%q.Prefix() = %q, want %q", c.pattern.Text(), got, c.prefix)
		}
		if got := c.pattern.Suffix(); got != c.suffix {
			t.Errorf("%q.Suffix() = %q, want %q", c.pattern.Text(), got, c.suffix)
		}
		if got := c.pattern.IsLiteral(); got != c.literal {
			t.Errorf("%q.IsLiteral() = %v, want %v", c.pattern.Text(), got, c.literal)
		}
	}
}

// The value of a variable must never act as a wildcard.
func TestLiteral(t *testing.T) {
	p := Concat(Compile("home/"), Literal("*"), Compile("/?"))
	cases := []struct {
		s    string
		want bool
	}{
		{"home/*/a", true},
		{"home/bob/a", false},
		{"home//a", false},
		{"home/?/a", false},
		{"home/*/", false},
	}
	for _, c := range cases {
		if got := p.Match(c.s); got != c.want {
			t.Errorf("%q.Match(%q) = %v, want %v", p.Text(), c.s, got, c.want)
		}
	}
}

// fold must choose one character of each class that strings.EqualFold makes, and never one of another class.
func TestFold(t *testing.T) {
	for r := range unicode.MaxRune + 1 {
		next := unicode.SimpleFold(r)
		if fold(r) != fold(next) {
			t.Errorf("fold(%q) = %q, but fold(%q) = %q", r, fold(r), next, fold(next))
		}
		if !strings.EqualFold(string(r), string(fold(r))) {
			t.Errorf("fold(%q) = %q, which is another character", r, fold(r))
		}
	}
}
