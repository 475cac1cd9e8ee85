package rules

import (
	"iter"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// organizationsOf yields the ids that the document names in full, each once, with the value that does so first.
func organizationsOf(in policy.Input) iter.Seq2[string, *iam.Value] {
	return func(yield func(string, *iam.Value) bool) {
		seen := map[string]bool{}
		for s := range statements(in) {
			for _, c := range s.Condition {
				if !isOneOf(c.Key, organizationKeys) {
					continue
				}
				for _, v := range c.Values {
					id := organization(v.Text)
					if seen[id] || !strings.HasPrefix(id, "o-") || strings.ContainsAny(id, "*?$") {
						continue
					}
					seen[id] = true
					if !yield(id, v) {
						return
					}
				}
			}
		}
	}
}

// mostOrganizations is how many ids of a document are compared with each other.
const mostOrganizations = 128

// nearOrganizations finds ids that differ in one character.
func nearOrganizations(in policy.Input) []policy.Finding {
	var out []policy.Finding
	var before []string
	for id, v := range organizationsOf(in) {
		for _, other := range before {
			if nearlyEqual(id, other) {
				s := &in.Document.Statements[v.Path().Statement()]
				out = append(out, about(s, v.Path(), "organization %s differs in one character from %s; one of them is a slip, and somebody else's, so correct it",
					quoted(id, 34), quoted(other, 34)))
				break
			}
		}
		if before = append(before, id); len(before) == mostOrganizations {
			break
		}
	}
	return out
}

// nearlyEqual tells whether one character changed, added or taken away makes two different texts equal.
func nearlyEqual(a, b string) bool {
	for a != "" && b != "" && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for a != "" && b != "" && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return len(a) <= 1 && len(b) <= 1
}
