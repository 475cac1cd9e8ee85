package glob

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func TestIncludes(t *testing.T) {
	a10k := strings.Repeat("a", 10<<10)
	cases := []struct {
		outer, inner string
		want         bool
	}{
		{"*", "", true},
		{"", "*", false},
		{"a", "a", true},
		{"a", "?", false},
		{"?", "a", true},
		{"?", "*", false},
		{"?*", "*?", true},
		{"a*b", "a?b", true},
		{"a?b", "a*b", false},
		{"*a?b*", "*a*b*", false}, // a and b may stand side by side
		{"*a?*", "a*b", true},     // whatever the star is, something follows the a
		{"*a?*", "a*", false},
		{"a??*", "a*b*c", true},
		{"*a*a*", "*aa*", true},
		{"*aa*", "*a*a*", false},
		{"*ab", "a*b", false},
		{"*ab*", "ab*ab", true},
		{"arn:aws:s3:::b/*", "arn:aws:s3:::b/logs/*", true},
		{"arn:aws:s3:::b/logs/*", "arn:aws:s3:::b/*", false},
		{"arn:aws:s3:::b*", "arn:aws:s3:::b/*", true},
		{"日?*", "日*本", true},
		{"*a?" + a10k + "*", "*ab" + a10k + a10k, true},
		{"*a?" + a10k + "b*", a10k + a10k, false},
	}
	for _, c := range cases {
		if got := Compile(c.outer).Includes(Compile(c.inner)); got != c.want {
			t.Errorf("%.40q.Includes(%.40q) = %v, want %v", c.outer, c.inner, got, c.want)
		}
	}
	if !Compile("*").Includes(Literal("*")) || Literal("*").Includes(Compile("*")) {
		t.Error("a literal * is not told from a wildcard")
	}
}

func TestWitness(t *testing.T) {
	cases := []struct{ p, q, want string }{
		{"*", "*", ""},
		{"?", "?", "x"},
		{"a?c", "?b?", "abc"},
		{"*/logs/*", "*/logs/a*", "/logs/a"},
		{"*abc*", "*bca*", "abca"},
		{"*a?", "??日", "xa日"},
		{"é*?b", "?*?日?", "éx日b"},
		{"???*é", "ab*", "abxé"},
		{"a*b*", "?????", "abxxx"},
		{"arn:aws:s3:::b/*", "*/2024/*.gz", "arn:aws:s3:::b/2024/.gz"},
		{"a*", "b*", "none"},
		{"*a", "*b", "none"},
		{"*é", "*ũ", "none"},
		{"*a?b*", "aabb?", "aabbx"},
		{"*c*", "aab", "none"},
	}
	for _, c := range cases {
		p, q := Compile(c.p), Compile(c.q)
		for range 2 {
			got, ok := Witness(p, q)
			if !ok {
				got = "none"
			}
			if got != c.want {
				t.Errorf("Witness(%q, %q) = %q, want %q", p.Text(), q.Text(), got, c.want)
			}
			p, q = q, p
		}
	}
}

// Past its bound, Witness still returns a string that both match.
func TestWitnessLong(t *testing.T) {
	p := Compile("a" + strings.Repeat("*b?日", 1000) + "*z")
	q := Compile("a?" + strings.Repeat("*c??d", 1000) + "*?z")
	w, ok := Witness(p, q)
	if !ok || !p.Match(w) || !q.Match(w) {
		t.Errorf("Witness = %.40q, %v: not a string that both match", w, ok)
	}
}

// checkPair compares all that is said of a pair with the textbook's automata.
func checkPair(t *testing.T, p, q string) {
	t.Helper()
	includes, shared := oracleRelation(p, q, "abc")
	included, _ := oracleRelation(q, p, "abc")
	a, b := Compile(p), Compile(q)
	if got := a.Includes(b); got != includes {
		t.Fatalf("%q.Includes(%q) = %v, want %v", p, q, got, includes)
	}
	if got := a == b; got != (includes && included) {
		t.Fatalf("%q == %q is %v, want %v", p, q, got, includes && included)
	}
	if got := a.Overlaps(b); got != (shared >= 0) {
		t.Fatalf("%q.Overlaps(%q) = %v, want %v", p, q, got, shared >= 0)
	}
	w, ok := Witness(a, b)
	if ok != (shared >= 0) {
		t.Fatalf("Witness(%q, %q) = %q, %v, want %v", p, q, w, ok, shared >= 0)
	}
	if ok && (len(w) != shared || !a.Match(w) || !b.Match(w)) {
		t.Fatalf("Witness(%q, %q) = %q, want %d characters that both match", p, q, w, shared)
	}
}

func TestPairsSmall(t *testing.T) {
	if testing.Short() {
		t.Skip("a sweep, which -short leaves out")
	}
	patterns := words("ab*?", 4)
	for _, p := range patterns {
		for _, q := range patterns {
			checkPair(t, p, q)
		}
	}
}

// Longer patterns, of which many include or nearly include the other: q is p with a few changes.
func TestPairsRandom(t *testing.T) {
	if testing.Short() {
		t.Skip("a sweep, which -short leaves out")
	}
	random := rand.New(rand.NewPCG(1, 2))
	letters := []string{"ab*?", "a*?", "a?", "ab*????", "aab**??"}
	for range 20_000 {
		from := letters[random.IntN(len(letters))]
		q := make([]byte, 4+random.IntN(11))
		for i := range q {
			q[i] = from[random.IntN(len(from))]
		}
		p := string(q)
		for range random.IntN(6) {
			i := random.IntN(len(p))
			p = p[:i] + string("ab*?"[random.IntN(4)]) + p[i+random.IntN(2):]
		}
		checkPair(t, p, string(q))
	}
}

// The automata themselves, against every string of a length that tells all these patterns apart.
func TestOracle(t *testing.T) {
	patterns, values := words("ab*?", 3), words("abc", 6)
	matches := map[string][]bool{}
	for _, p := range patterns {
		for _, s := range values {
			matches[p] = append(matches[p], oracleMatch([]rune(p), []rune(s)))
		}
	}
	for _, p := range patterns {
		for _, q := range patterns {
			wantIncludes, wantShared := true, -1
			for i := range values {
				wantIncludes = wantIncludes && (matches[p][i] || !matches[q][i])
				if wantShared < 0 && matches[p][i] && matches[q][i] {
					wantShared = len(values[i])
				}
			}
			if includes, shared := oracleRelation(p, q, "abc"); includes != wantIncludes || shared != wantShared {
				t.Fatalf("oracleRelation(%q, %q) = %v, %d, want %v, %d", p, q, includes, shared, wantIncludes, wantShared)
			}
		}
	}
}
