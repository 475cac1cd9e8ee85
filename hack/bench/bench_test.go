package bench

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bucketwarden/bucketwarden/policy/rules"
)

func checks(t testing.TB) map[string]check {
	t.Helper()
	rego, err := opa()
	if err != nil {
		t.Fatal(err)
	}
	cel, err := celChecks()
	if err != nil {
		t.Fatal(err)
	}
	return map[string]check{
		"bucketwarden": bucketwarden(sameChecks()), "bucketwarden-all-rules": bucketwarden(rules.All), "opa": rego, "cel": cel,
	}
}

// TestChecks holds the three against what is true of each kind of policy, and against what is known of those that look
// at the JSON alone.
func TestChecks(t *testing.T) {
	looks := map[string]string{
		"a hole by IfExists":                   "misses that everybody gets in",
		"half of the internet, twice":          "misses that everybody gets in",
		"everybody, and a Deny for all others": "says that everybody gets in",
		"a web identity":                       "misses that everybody gets in",
	}
	want := map[string]map[string]string{"bucketwarden": {}, "bucketwarden-all-rules": {}, "opa": looks, "cel": looks}
	for name, check := range checks(t) {
		got := map[string]string{}
		for i, k := range kinds {
			public, acl, err := check(document(i, i))
			switch {
			case err != nil:
				t.Fatalf("%s: %s: %v", name, k.name, err)
			case acl != k.acl:
				t.Errorf("%s: %s: says %v of ACLs", name, k.name, acl)
			case public && !k.public:
				got[k.name] = "says that everybody gets in"
			case !public && k.public:
				got[k.name] = "misses that everybody gets in"
			}
		}
		if diff := cmp.Diff(want[name], got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// BenchmarkReview is one policy of 2 KB, from text to both answers.
func BenchmarkReview(b *testing.B) { run(b, []string{document(0, 0)}) }

// BenchmarkFiles is 1,000 policies of all kinds.
func BenchmarkFiles(b *testing.B) { run(b, corpus(1_000)) }

func run(b *testing.B, texts []string) {
	all := checks(b)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for _, text := range texts {
					if _, _, err := all[name](text); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
