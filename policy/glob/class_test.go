package glob

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// account is twelve digits in an ARN, in short: two.
func shortARN(kind string) Template {
	return Template{}.Text("a:").One(Digit, 2).Text(":" + kind + "/")
}

func TestTemplateHas(t *testing.T) {
	user := shortARN("user").Any(NotColon).One(NotSlash, 1)
	cases := []struct {
		l    Language
		s    string
		want bool
	}{
		{user.Language(), "a:12:user/p/n", true},
		{user.Language(), "a:12:user/n", true},
		{user.Language(), "a:12:user/", false},
		{user.Language(), "a:12:user/p/", false},
		{user.Language(), "a:1x:user/n", false},
		{user.Language(), "a:123:user/n", false},
		{user.Language(), "A:12:user/n", false},
		{user.FoldLanguage(), "A:12:USER/n", true},
		{Template{}.Text("a").Pattern(Compile("b*c?"), NotSlash).Language(), "abxcd", true},
		{Template{}.Text("a").Pattern(Compile("b*c?"), NotSlash).Language(), "ab/cd", false},
		{Template{}.Any(Host).Text(".com").Language(), "a-1.b.com", true},
		{Template{}.Any(Host).Text(".com").Language(), "A.com", false},
		{Template{}.Any(Host).Text(".com").Language(), ".com", true},
	}
	for _, c := range cases {
		if got := c.l.Has(c.s); got != c.want {
			t.Errorf("%+v.Has(%q) = %v, want %v", c.l, c.s, got, c.want)
		}
	}
}

// TestTemplateAll tries all short strings of a small alphabet: what Has says of each decides what Includes and Disjoint may
// claim, what Find has to find, and what Empty may call empty.
func TestTemplateAll(t *testing.T) {
	const alphabet, longest = "0ab:/", 4
	all := []string{""}
	for from := 0; len(all[len(all)-1]) < longest; {
		for end := len(all); from < end; from++ {
			for _, r := range alphabet {
				all = append(all, all[from]+string(r))
			}
		}
	}
	g := rand.New(rand.NewPCG(7, 8))
	pattern := func() Pattern {
		var b strings.Builder
		for range g.IntN(4) {
			b.WriteByte("0ab:/*?"[g.IntN(7)])
		}
		return Compile(b.String())
	}
	template := func() Template {
		var t Template
		for range 1 + g.IntN(3) {
			class := []Class{Digit, Anything, NotColon, NotSlash, Host}[g.IntN(5)]
			switch g.IntN(4) {
			case 0:
				t = t.Text(string(alphabet[g.IntN(len(alphabet))]))
			case 1:
				t = t.One(class, 1+g.IntN(2))
			case 2:
				t = t.Any(class)
			case 3:
				t = t.Pattern(pattern(), class)
			}
		}
		return t
	}
	language := func() Language {
		switch g.IntN(4) {
		case 0:
			return pattern().Language()
		case 1:
			return template().FoldLanguage()
		}
		return template().Language()
	}
	found := 0
	for range 3000 {
		in, out := []Language{language(), language()}, []Language{language()}
		truth := slices.ContainsFunc(all, func(s string) bool { return suits(s, in, out) })
		budget, steps := 100_000, 100_000
		s, ok, decided := Find(in, out, &budget)
		switch {
		case !decided:
			t.Fatalf("Find(%+v, %+v) gives up", in, out)
		case ok && !suits(s, in, out), truth && !ok:
			t.Errorf("Find(%+v, %+v) = %q, %v; there is one: %v", in, out, s, ok, truth)
		case Empty(in, out, &steps) == ok:
			t.Errorf("Empty(%+v, %+v) = %v, but Find has %q", in, out, ok, s)
		}
		if ok {
			found++
		}
		share := func(s string) bool { return in[0].Has(s) && in[1].Has(s) }
		if in[0].Disjoint(in[1]) && slices.ContainsFunc(all, share) {
			t.Errorf("%+v and %+v are said to be disjoint", in[0], in[1])
		}
		if in[0].Includes(in[1]) && slices.ContainsFunc(all, func(s string) bool { return in[1].Has(s) && !in[0].Has(s) }) {
			t.Errorf("%+v is said to include %+v", in[0], in[1])
		}
	}
	if found < 300 || found > 2700 {
		t.Errorf("found %d of 3000: a walkover", found)
	}
}

func TestAccountOfARN(t *testing.T) {
	l, ok := Compile("1*").Language().Account(Compile("role/*"))
	if !ok || !l.Has("arn:aws:iam::12:role/r") || l.Has("arn:aws:iam::21:role/r") || l.Has("arn:aws:iam::12:user/r") {
		t.Errorf("Account(1*): %+v, %v", l, ok)
	}
	for _, none := range []Language{Compile("1:*").Language(), ARN{}.Language()} {
		if _, ok := none.Account(Compile("*")); ok {
			t.Errorf("%+v holds an account", none)
		}
	}
}

// TestSplit cuts patterns at a colon and puts them together again.
func TestSplit(t *testing.T) {
	for _, text := range []string{"12:n", "1*:n", "*", "1*n", "1?n", "12", "1:2:3", "*:*", "1**n", ":", "?*"} {
		p := Compile(text)
		before, after := p.Split()
		for _, s := range []string{"12:n", "1:n", "12:", ":n", ":", "1n", "12", "1x:yn", "1:2:3", "x:y"} {
			b, a, one := strings.Cut(s, ":")
			got := false
			for i := range before {
				got = got || one && before[i].Match(b) && after[i].Match(a)
			}
			if want := p.Match(s) && strings.Count(s, ":") == 1; got != want && strings.Count(s, ":") < 2 {
				t.Errorf("%s cut and held to %s: %v, want %v", text, s, got, want)
			}
		}
	}
}
