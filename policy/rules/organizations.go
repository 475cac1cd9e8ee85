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

// organizationKeys hold an id, or a path that begins with one.
var organizationKeys = []string{
	"aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:SourceOrgID", "aws:SourceOrgPaths", "aws:VpceOrgID", "aws:VpceOrgPaths",
}

// organization is the id in a value of one of these keys. It may have wildcards.
func organization(value string) string {
	id, _, _ := strings.Cut(value, "/")
	return id
}
