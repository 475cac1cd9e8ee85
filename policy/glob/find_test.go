package glob

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func compileAll(patterns string) []Language {
	var out []Language
	for _, p := range strings.Fields(patterns) {
		if folded, ok := strings.CutPrefix(p, "~"); ok {
			out = append(out, Compile(folded).FoldLanguage())
		} else if p == "-" {
			out = append(out, ARN{}.Language())
		} else if arn, ok := CompileARN(p); ok {
			out = append(out, arn.Language())
		} else {
			out = append(out, Compile(p).Language())
		}
	}
	return out
}

func TestFind(t *testing.T) {
	const none = "none"
	cases := []struct{ in, out, want string }{
		{"", "", "x"},
		{"", "*", none},
		{"", "?*", ""},
		{"a*", "", "ax"},
		{"a*", "a*", none},
		{"a*", "a?*", "a"},
		{"a*", "a a?*", none},
		{"a* *b", "", "ab"},
		{"a* b*", "", none},
		{"a*", "ax* a", "ay"},
		{"?", "x y z", "ａ"},
		{"*a*", "a* *a", "xax"},
		{"~ab", "ab AB", "aB"},
		{"~ab", "ab AB aB Ab", none},
		{"~k", "k K", "\u212A"},
		{"A* ~a?", "", "Ax"},
		{"arn:aws:s3:::b/*", "arn:aws:s3:::b/x*", "arn:aws:s3:::b/"},
		{"arn:aws:*:::b", "", "arn:aws:x:::b"},
		{"arn:*:*:*:*:* *:c", "", "arn:::::c"},
		{"arn:aws:iam::*:root", "arn:aws:iam::?*:root arn:aws:iam:::root", none},
		{"?? *a*", "a? ?a", none},
		{"-", "", none},
		{"日*", "日x 日", "日y"},
	}
	for _, c := range cases {
		in, out := compileAll(c.in), compileAll(c.out)
		budget := 1000
		got, found, decided := Find(in, out, &budget)
		if !decided {
			t.Errorf("Find(%s, %s) gives up", c.in, c.out)
		}
		if !found {
			got = none
		}
		if got != c.want {
			t.Errorf("Find(%s, %s) = %q, want %q", c.in, c.out, got, c.want)
		}
	}
}

// checkFind compares what Find and Empty say with each other and with all the samples.
func checkFind(t *testing.T, in, out []Language, all []string) {
	t.Helper()
	budget, steps := 20_000, 20_000
	s, found, decided := Find(in, out, &budget)
	empty := Empty(in, out, &steps)
	switch {
	case found && !decided:
		t.Fatalf("in %+v\nout %+v\nfound %q and not decided", in, out, s)
	case found && !suits(s, in, out):
		t.Fatalf("in %+v\nout %+v\nfound %q, which does not fit", in, out, s)
	case decided && steps > 0 && empty == found:
		t.Fatalf("in %+v\nout %+v\nFind found %q, %v, and Empty says %v", in, out, s, found, empty)
	case found || !decided:
		return
	}
	for _, s := range all {
		if suits(s, in, out) {
			t.Fatalf("in %+v\nout %+v\nnothing found, but there is %q", in, out, s)
		}
	}
}

func TestFindAgainstEnumeration(t *testing.T) {
	g, all := languages{rand.New(rand.NewPCG(5, 6))}, samples()
	for range 3000 {
		checkFind(t, g.list(1), g.list(0), all)
	}
}

// What is left of an ARN language after some component is excluded needs the search, in several words of states.
func TestFindLong(t *testing.T) {
	long := strings.Repeat("ab", 100)
	cases := []struct {
		in, out string
		want    bool
	}{
		{"*" + long + "*", "*" + long + "x* *" + long, true},
		{"*" + long + "?", "*" + long + "a *" + long + "b " + long + "*", true},
		{"arn:aws:s3:::" + long + "*", "arn:aws:s3:::" + long + " arn:aws:s3:::" + long + "?*", false},
	}
	for _, c := range cases {
		in, out := compileAll(c.in), compileAll(c.out)
		budget, steps := 10_000, 10_000
		s, found, decided := Find(in, out, &budget)
		if found != c.want || !decided || found && !suits(s, in, out) {
			t.Errorf("Find(%.30s, %.30s) = %.30q, %v, %v, want %v", c.in, c.out, s, found, decided, c.want)
		}
		if got := Empty(in, out, &steps); got == c.want {
			t.Errorf("Empty(%.30s, %.30s) = %v", c.in, c.out, got)
		}
	}
}

// Lists whose product automaton has more states than anybody can visit end at the budget, and say so.
func TestFindGivesUp(t *testing.T) {
	var in, out []Language
	for i := range 16 {
		a, b := string(rune('a'+i)), string(rune('A'+i))
		in = append(in, Compile("*"+a+"?"+b+"*").Language())
		out = append(out, Compile("*"+b+"*"+a+"??*").Language())
	}
	budget := 300
	if s, found, decided := Find(in, out, &budget); found || decided || budget > 0 {
		t.Errorf("Find = %q, %v, %v with %d left, want to give up", s, found, decided, budget)
	}
	steps := 100
	if Empty(in, out, &steps) || steps > 0 {
		t.Errorf("Empty says so with %d steps left", steps)
	}
	budget = 0
	if _, found, decided := Find(compileAll("a*"), compileAll("a ax*"), &budget); found || decided {
		t.Error("Find searches without budget")
	}
	if s, found, decided := Find(compileAll("a*"), nil, &budget); s != "ax" || !found || !decided {
		t.Error("Find takes budget where no search is needed")
	}
}

func TestEmpty(t *testing.T) {
	cases := []struct {
		in, out string
		want    bool
	}{
		{"", "", false},
		{"", "*", true},
		{"", "?*", false},
		{"a*", "a a?*", true},
		{"a*", "a?*", false},
		{"~a", "a A", true},
		{"~k", "k K", false},
		{"a* b*", "", true},
		{"-", "", true},
		{"a", "-", false},
		{"~k? *x", "kx Kx", false},        // the Kelvin sign is left
		{"~k? *x", "kx Kx \u212ax", true}, // and is gone
		{"ab? a*", "ab? c", true},
	}
	for _, c := range cases {
		steps := 1000
		if got := Empty(compileAll(c.in), compileAll(c.out), &steps); got != c.want {
			t.Errorf("Empty(%s, %s) = %v, want %v", c.in, c.out, got, c.want)
		}
	}
}

func FuzzFind(f *testing.F) {
	f.Add("a*\n*b", "ab\naa*")
	f.Add("~K*", "k\nK")
	f.Add("arn:a:*:*:*:*", "arn:*\n*:b")
	f.Add("*\xff?", "é\n日*")
	f.Fuzz(func(t *testing.T, in, out string) {
		lists := [2][]Language{}
		var all []string
		for i, text := range []string{in, out} {
			lines := strings.Split(cut(text, 40), "\n")
			for _, line := range lines[:min(3, len(lines))] {
				folded := strings.HasPrefix(line, "~")
				lists[i] = append(lists[i], compileAll(strings.Join(strings.Fields(line), ""))...)
				all = append(all, strings.NewReplacer("*", "", "?", "x", "~", "").Replace(line))
				if folded {
					all = append(all, strings.ToUpper(line[1:]))
				}
			}
		}
		checkFind(t, lists[0], lists[1], slices.Concat(all, words("ab:x", 3)))
	})
}
