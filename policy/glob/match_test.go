package glob

import (
	"strings"
	"testing"
)

func TestMatch(t *testing.T) {
	a20k := strings.Repeat("a", 20<<10)
	starry := strings.Repeat("a*", 60)
	mixed := "*a?" + strings.Repeat("a", 2<<10)
	cases := []struct {
		pattern, s string
		want       bool
	}{
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"?", "", false},
		{"arn:aws:s3:::b/*/test/*", "arn:aws:s3:::b//test/k", true},
		{"arn:aws:s3:::b*", "arn:aws:s3:::b2/k", true},
		{"arn:aws:s3:::b/*", "arn:aws:s3:::b", false},
		{"*.json", "a.json.json", true},
		{"*ab", "aab", true},
		{"*?b", "b", false},
		{"a*a", "a", false},
		{"a*b", "a\nb", true},
		{"a?b", "a\nb", true},
		{"Key", "key", false},
		{"?", "é", true},
		{"??", "é", false},
		{"*é", "aé", true},
		{"*??", "日本", true},
		{"*???", "日本", false},
		{"日*語", "日本語", true},
		{"?", "\xff", true},
		{"??", "\xe6\x97", true},
		{"?", "\xe6\x97", false},
		{"*?\xa5", "日", false},
		{"a*", "a\xff", true},
		{"\xff", "\uFFFD", true},
		{"[a-z]", "b", false},
		{`\*`, "*", false},
		{"${*}", "${x}", true},
		{starry, a20k, true},
		{starry + "b", a20k, false},
		{starry + "b", a20k + "b", true},
		{"*" + strings.Repeat("?", 20<<10), a20k, true},
		{"*" + strings.Repeat("?", 20<<10+1), a20k, false},
		{mixed + "*", a20k, true},
		{mixed + "b*", a20k, false},
		{mixed + "b*", a20k + "b" + a20k, true},
		{mixed + "b", a20k + "b", true},
		{mixed + "日*", a20k + "日", true},
	}
	for _, c := range cases {
		if got := Match(c.pattern, c.s); got != c.want {
			t.Errorf("Match(%.40q, %.40q) = %v, want %v", c.pattern, c.s, got, c.want)
		}
		if got := Compile(c.pattern).Match(c.s); got != c.want {
			t.Errorf("Compile(%.40q).Match(%.40q) = %v, want %v", c.pattern, c.s, got, c.want)
		}
	}
}

func TestMatchFold(t *testing.T) {
	cases := []struct {
		pattern, s string
		want       bool
	}{
		{"s3:GET*", "S3:getObject", true},
		{"s3:Get*Acl", "s3:getobjectACL", true},
		{"s3:Get*Acl", "s3:getobjectTagging", false},
		{"s3:GetObject", "s3:GetObjectAcl", false},
		{"s3:GetObject", "s3:Get", false},
		{"?É*", "éé", true},
		{"k", "\u212A", true},     // the Kelvin sign
		{"*\u017F3", "xS3", true}, // the long s
		{"i", "İ", false},
		{"*Σ", "ς", true},
		{"ß", "ẞ", true},
		{"?", "ẞ", true},
		{"*A?" + strings.Repeat("aB", 500) + "*", strings.Repeat("Ab", 1000), true},
		{"*A?" + strings.Repeat("aC", 500) + "*", strings.Repeat("Ab", 1000), false},
	}
	for _, c := range cases {
		p := Compile(c.pattern)
		if got := MatchFold(c.pattern, c.s); got != c.want {
			t.Errorf("MatchFold(%.40q, %.40q) = %v, want %v", c.pattern, c.s, got, c.want)
		}
		if got := p.MatchFold(c.s); got != c.want {
			t.Errorf("Compile(%.40q).MatchFold(%.40q) = %v, want %v", c.pattern, c.s, got, c.want)
		}
		if got := p.Fold().Match(Literal(c.s).Fold().Text()); got != c.want {
			t.Errorf("Compile(%.40q).Fold().Match(folded %.40q) = %v, want %v", c.pattern, c.s, got, c.want)
		}
	}
}

func TestMatchSmall(t *testing.T) {
	values := words("ab*", 5)
	for _, text := range words("abSQ*?", 4) {
		p := spelt(text)
		for _, s := range values {
			want := oracleMatch([]rune(text), []rune(strings.ReplaceAll(s, "*", "S")))
			if got := p.Match(s); got != want {
				t.Fatalf("%q.Match(%q) = %v, want %v", text, s, got, want)
			}
		}
	}
}

func TestMatchText(t *testing.T) {
	values := words("abC", 6)
	for _, text := range words("ab*?", 4) {
		for _, s := range values {
			want := oracleMatch([]rune(text), []rune(s))
			if got := Match(text, s); got != want {
				t.Fatalf("Match(%q, %q) = %v, want %v", text, s, got, want)
			}
			if got := MatchFold(strings.ToUpper(text), s); got != want {
				t.Fatalf("MatchFold(%q, %q) = %v, want %v", strings.ToUpper(text), s, got, want)
			}
		}
	}
}

// Both ways to look for a core must find the same place.
func TestSearch(t *testing.T) {
	if testing.Short() {
		t.Skip("a sweep, which -short leaves out")
	}
	ways := map[string]matcher{
		"plain": {many: star, single: oneRaw},
		"fold":  {many: star, single: oneRaw, fold: true},
		"unify": {many: star, single: oneRaw, unify: true},
	}
	for name, m := range ways {
		subjects := words("a\uFFFDé*?", 5)
		if name == "unify" {
			subjects = words("a\uFFFD?", 6)
		} else if name == "fold" {
			subjects = words("aAé", 6)
		}
		for _, text := range words("aé\uFFFD?", 4)[1:] {
			core := m.core(Compile(text).code)
			if core == "" {
				continue
			}
			for _, s := range subjects {
				subject := Compile(s).code
				if got, want := m.search(core, subject), m.begin(core, subject); got != want {
					t.Fatalf("%s: search(%q, %q) = %d, want %d", name, text, s, got, want)
				}
			}
		}
	}
}

func TestMatchAllocates(t *testing.T) {
	got := testing.AllocsPerRun(10, func() {
		Match(seedPattern, seedValue)
		MatchFold(seedPattern, seedValue)
	})
	if got != 0 {
		t.Errorf("Match and MatchFold allocate %v times, want 0", got)
	}
}
