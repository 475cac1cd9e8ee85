package settings

import (
	"slices"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// Excuse is an exemption for one rule.
type Excuse struct {
	Exemption string
	Accepted  *iam.Document // only what this allows; nil for everything
}

// Excuses returns the exemptions that speak of a rule, those that accept everything first. bucket is the name of the bucket,
// "" where it is not known.
func (s Settings) Excuses(rule *policy.Rule, bucket string) []Excuse {
	var out []Excuse
	for _, e := range s.exemptions {
		if e.rules[rule.ID] && e.matchesBucket(bucket) {
			out = append(out, Excuse{e.name, e.grants})
		}
	}
	slices.SortStableFunc(out, func(a, b Excuse) int { return order(a.Accepted != nil) - order(b.Accepted != nil) })
	return out
}

func order(last bool) int {
	if last {
		return 1
	}
	return 0
}
