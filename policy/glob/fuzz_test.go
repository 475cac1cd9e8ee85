package glob

import (
	"strings"
	"testing"
)

// cut keeps the first n characters of s, so that the oracles end in time.
func cut(s string, n int) string {
	list := []rune(s)
	return string(list[:min(n, len(list))])
}

func FuzzMatch(f *testing.F) {
	f.Add("a*?b", "axxb")
	f.Add("*é?", "aé\xff")
	f.Add("*\xe6*", "日\n")
	f.Add("K*", "\u212Ax")
	f.Fuzz(func(t *testing.T, pattern, s string) {
		pattern, s = cut(pattern, 12), cut(s, 12)
		want := oracleMatch([]rune(pattern), []rune(s))
		if got := Match(pattern, s); got != want {
			t.Errorf("Match(%q, %q) = %v, want %v", pattern, s, got, want)
		}
		p := Compile(pattern)
		if got := p.Match(s); got != want {
			t.Errorf("Compile(%q).Match(%q) = %v, want %v", pattern, s, got, want)
		}
		if !Literal(s).Match(s) || !Literal(s).MatchFold(s) {
			t.Errorf("Literal(%q) does not match itself", s)
		}
		want = oracleMatch([]rune(strings.Map(fold, pattern)), []rune(strings.Map(fold, s)))
		if got := MatchFold(pattern, s); got != want {
			t.Errorf("MatchFold(%q, %q) = %v, want %v", pattern, s, got, want)
		}
		if got := p.Fold().Match(strings.Map(fold, s)); got != want {
			t.Errorf("Compile(%q).Fold().Match(folded %q) = %v, want %v", pattern, s, got, want)
		}
	})
}

// Any string of inner that the fuzzer comes by must match outer when that is said to include it; and
// what is said must be what the automata say, on the letters that they know.
func FuzzIncludes(f *testing.F) {
	f.Add("*a?*", "a*b", "x?")
	f.Add("a??*", "a*b*c", "")
	f.Add("*a?b*", "*a*b*", "\xff")
	f.Add("日?*", "日*本", "é")
	f.Fuzz(func(t *testing.T, outer, inner, fill string) {
		outer, inner, fill = cut(outer, 14), cut(inner, 14), cut(fill, 14)
		p, q := Compile(outer), Compile(inner)
		instance := strings.ReplaceAll(strings.ReplaceAll(inner, "*", fill), "?", "y")
		if !q.Match(instance) {
			t.Fatalf("Compile(%q) does not match its instance %q", inner, instance)
		}
		if p.Includes(q) && !p.Match(instance) {
			t.Fatalf("Compile(%q) includes %q, but does not match %q", outer, inner, instance)
		}
		if p.Match(instance) && !p.Overlaps(q) {
			t.Fatalf("Compile(%q) and %q share %q, but do not overlap", outer, inner, instance)
		}
		if w, ok := Witness(p, q); ok && (!p.Match(w) || !q.Match(w)) {
			t.Fatalf("Witness(%q, %q) = %q, which they do not both match", outer, inner, w)
		}
		checkPair(t, strings.Map(letter, outer), strings.Map(letter, inner))
	})
}

// letter maps every character to one that oracleRelation is asked about.
func letter(r rune) rune {
	if r == '*' || r == '?' {
		return r
	}
	return 'a' + r&1
}

func FuzzARN(f *testing.F) {
	f.Add("arn:aws:iam::*:role/*", "arn:aws:iam::1:role/a:b")
	f.Add("*:*:*:*:*:*:?", "arn:aws:s3::::")
	f.Add("ar?:*", "arn:\xff")
	f.Fuzz(func(t *testing.T, pattern, value string) {
		pattern, value = cut(pattern, 40), cut(value, 20)
		a, ok := CompileARN(pattern)
		parts, values := strings.SplitN(pattern, ":", 6), strings.SplitN(value, ":", 6)
		want := len(parts) == 6 && len(values) == 6 && values[0] == "arn"
		for i := 0; want && i < len(parts); i++ {
			want = Match(parts[i], values[i])
		}
		if got := a.Match(value); got != want {
			t.Errorf("CompileARN(%q).Match(%q) = %v, want %v", pattern, value, got, want)
		}
		if want && !Match(pattern, value) {
			t.Errorf("CompileARN(%q) matches %q, which the pattern as a string does not", pattern, value)
		}
		b, known := ARNOf(Literal(value))
		if known && (a.Overlaps(b) != want || a.Includes(b) != want) {
			t.Errorf("CompileARN(%q) and the literal %q: want %v", pattern, value, want)
		}
		if ok && (!a.Includes(a) || !a.Overlaps(a)) {
			t.Errorf("CompileARN(%q) does not include itself", pattern)
		}
	})
}
