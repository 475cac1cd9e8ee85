// Package settings turns the configuration of a cluster, or of a folder of files, into what is to be done about each
// finding in each object: Rulesets, Exemptions, and the labels of namespaces. Admission, audit and the command line all
// ask it, so that they cannot disagree. It does no I/O, and gets the time as an argument.
package settings

import (
	"slices"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/public"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// The labels by which a namespace chooses its levels, each in the way of Pod Security Admission.
const (
	EnforceLabel = "bucketwarden.dev/enforce"
	WarnLabel    = "bucketwarden.dev/warn"
	AuditLabel   = "bucketwarden.dev/audit"
)

// Defaults are what holds where no Ruleset and no namespace says anything.
type Defaults struct {
	Level policy.Level
	Trust *public.Trust // nil when nobody said
}

// Subject is an object as far as it matters which settings are for it.
type Subject struct {
	Reading         source.Reading
	NamespaceLabels map[string]string // nil for a cluster-scoped object
}

// Settings are what holds for one object.
type Settings struct {
	// Rulesets are the names of those that match, in order.
	Rulesets []string
	// Trusts are whom the cluster owner trusts: whoever is outside one of them is external. [nil] when nobody said.
	Trusts    []*public.Trust
	Forbidden []policy.Limit
	Caps      []policy.Limit
	Keys      []policy.Keys

	voices     []voice
	exemptions []*exemption
	owners     []policy.Fact[string]
	ownerships []policy.Fact[policy.Ownership]
	roles      []policy.Fact[string]
}

// voice is one opinion on what is to be done; the strictest of all counts.
type voice struct {
	level policy.Level             // "" for none
	rules map[string]policy.Action // by id, before the level
	most  policy.Action            // that this voice asks for
}

func (s *Settings) add(r *ruleset, o Subject) {
	s.Rulesets = append(s.Rulesets, r.name)
	s.voices = append(s.voices, r.voices...)
	if r.trust != nil {
		s.Trusts = append(s.Trusts, r.trust)
	}
	s.Forbidden = append(s.Forbidden, r.forbid...)
	s.Caps = append(s.Caps, r.cap...)
	if len(r.keys) > 0 {
		s.Keys = append(s.Keys, policy.Keys{Name: "Ruleset " + r.name, ARNs: r.keys})
	}
	if account := r.account(o.Reading.ProviderConfig); account != "" {
		s.owners = append(s.owners, policy.Fact[string]{Value: account, Origin: policy.Configured, From: "Ruleset " + r.name})
	}
	for _, arn := range r.roles {
		s.roles = append(s.roles, policy.Fact[string]{Value: arn, Origin: policy.Configured, From: "Ruleset " + r.name})
	}
	if r.ownership != "" {
		s.ownerships = append(s.ownerships, policy.Fact[policy.Ownership]{Value: r.ownership, Origin: policy.Configured, From: "Ruleset " + r.name})
	}
}

// addLabels adds what a namespace asks for, and reports whether it chose what is enforced. What is no level is taken for the
// strictest: a slip must not open anything.
func (s *Settings) addLabels(labels map[string]string) (enforced bool) {
	for _, l := range []struct {
		name string
		most policy.Action
	}{{EnforceLabel, policy.Deny}, {WarnLabel, policy.Warn}, {AuditLabel, policy.Audit}} {
		text, ok := labels[l.name]
		if !ok {
			continue
		}
		level, err := policy.ParseLevel(text)
		if err != nil {
			level = policy.Restricted
		}
		s.voices = append(s.voices, voice{level: level, most: l.most})
		enforced = enforced || l.name == EnforceLabel
	}
	return enforced
}

// Assume fills in what is configured about a bucket of which nothing is known. Where Rulesets say different things, or the
// objects contradict each other, it stays unknown. Each of the controllers that somebody names has to manage the bucket.
func (s Settings) Assume(b *policy.Bucket) {
	for _, role := range s.roles {
		if !slices.ContainsFunc(b.Controllers, func(c policy.Fact[string]) bool { return c.Value == role.Value }) {
			b.Controllers = append(slices.Clip(b.Controllers), role)
		}
	}
	assume(&b.Owner, s.owners)
	assume(&b.Ownership, s.ownerships)
}

func assume[T comparable](fact *policy.Fact[T], configured []policy.Fact[T]) {
	if fact.Origin != policy.Unknown || len(configured) == 0 {
		return
	}
	first := configured[0]
	if !slices.ContainsFunc(configured, func(f policy.Fact[T]) bool { return f.Value != first.Value }) {
		*fact = first
	}
}

// Action returns what is to be done about a finding before any exemption. consent is true when somebody asked for this rule's
// patches by its id, also for those that take access away.
func (s Settings) Action(f policy.Finding) (action policy.Action, consent bool) {
	for _, v := range s.voices {
		asked, named := v.rules[f.Rule.ID]
		a := f.Limit(asked)
		if !named {
			if v.level == "" {
				continue
			}
			a = v.level.Action(f)
		}
		consent = consent || named && asked == policy.Patch
		action = max(action, min(a, v.most))
	}
	return action, consent
}
