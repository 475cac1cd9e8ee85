package settings

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// Set is the configuration of a cluster at one time. It does not change, and is safe for concurrent use. The nil Set is
// empty.
type Set struct {
	rulesets   []*ruleset   // by name
	exemptions []*exemption // by name
}

func newSet(rulesets map[string]*ruleset, exemptions map[string]*exemption) *Set {
	return &Set{
		rulesets:   slices.SortedFunc(maps.Values(rulesets), byName),
		exemptions: slices.SortedFunc(maps.Values(exemptions), func(a, b *exemption) int { return cmp.Compare(a.name, b.name) }),
	}
}

func byName(a, b *ruleset) int { return cmp.Compare(a.name, b.name) }

// For returns what holds for an object at a time.
func (s *Set) For(o Subject, defaults Defaults, now time.Time) Settings {
	var out Settings
	placed, trusted := false, false
	if s != nil {
		for _, r := range s.rulesets {
			if r.matches(o) {
				out.add(r, o)
				placed = placed || r.places && r.level != ""
				trusted = trusted || r.places && r.trust != nil
			}
		}
		for _, e := range s.exemptions {
			if e.activeAt(now) && e.matches(o) {
				out.exemptions = append(out.exemptions, e)
			}
		}
	}
	enforced := out.addLabels(o.NamespaceLabels)
	if !placed && !enforced {
		out.voices = append(out.voices, voice{level: defaults.Level, most: policy.Deny})
	}
	if !trusted && (defaults.Trust != nil || len(out.Trusts) == 0) {
		out.Trusts = append(out.Trusts, defaults.Trust)
	}
	return out
}

// Matches reports whether the Ruleset of a name is for an object.
func (s *Set) Matches(name string, o Subject) bool {
	return s != nil && slices.ContainsFunc(s.rulesets, func(r *ruleset) bool { return r.name == name && r.matches(o) })
}

// Declared returns the kinds that the Rulesets declare, those of the first name first.
func (s *Set) Declared() []source.Declaration {
	var out []source.Declaration
	if s != nil {
		for _, r := range s.rulesets {
			out = append(out, r.declared...)
		}
	}
	return out
}

// Exemption is one of a Set's exemptions.
type Exemption struct {
	Name  string
	Until time.Time // zero for ever
}

// Exemptions returns all of them, expired ones too, by name.
func (s *Set) Exemptions() []Exemption {
	var out []Exemption
	if s == nil {
		return out
	}
	for _, e := range s.exemptions {
		out = append(out, Exemption{e.name, e.until})
	}
	return out
}

// NextExpiry returns when the next exemption ends that has not ended yet, the zero time for never.
func (s *Set) NextExpiry(now time.Time) time.Time {
	var next time.Time
	for _, e := range s.Exemptions() {
		if e.Until.After(now) && (next.IsZero() || e.Until.Before(next)) {
			next = e.Until
		}
	}
	return next
}
