package settings

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/bucketwarden/bucketwarden/api/v1alpha1"
	"github.com/bucketwarden/bucketwarden/policy"
)

// Store holds the configuration while it changes. It is safe for concurrent use.
type Store struct {
	rules      []*policy.Rule
	set        atomic.Pointer[Set]
	mu         sync.Mutex
	rulesets   map[string]*ruleset
	exemptions map[string]*exemption
	changed    []func()
}

// NewStore returns an empty Store. rules are those that the configuration may speak of.
func NewStore(rules []*policy.Rule) *Store {
	return &Store{rules: rules, rulesets: map[string]*ruleset{}, exemptions: map[string]*exemption{}}
}

// Set returns the configuration of now.
func (s *Store) Set() *Set { return s.set.Load() }

// OnChange has f called after each change. To be called before the first one.
func (s *Store) OnChange(f func()) { s.changed = append(s.changed, f) }

// CheckRuleset says what is wrong with a Ruleset, and in notes what in it does nothing.
func (s *Store) CheckRuleset(in *v1alpha1.Ruleset) (notes []string, err error) {
	r := reader{rules: s.rules}
	r.ruleset(in)
	return r.notes, r.errs.ToAggregate()
}

// CheckExemption says what is wrong with an Exemption.
func (s *Store) CheckExemption(in *v1alpha1.Exemption) error {
	r := reader{rules: s.rules}
	r.exemption(in)
	return r.errs.ToAggregate()
}

// PutRuleset takes over a Ruleset. The error says what in it is wrong: then what was good under its name stays, and where
// nothing was, as after a restart, what can be read of it counts beside the default.
func (s *Store) PutRuleset(in *v1alpha1.Ruleset) error {
	r := reader{rules: s.rules}
	out := r.ruleset(in)
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, had := s.rulesets[in.Name]; len(r.errs) == 0 || !had {
		out.places = out.places && len(r.errs) == 0 // what is only half understood must not make anything milder
		s.rulesets[in.Name] = out
		s.publish()
	}
	return r.errs.ToAggregate()
}

// PutExemption takes over an Exemption. The error says what in it is wrong: then what was good under its name stays, and
// where nothing was, nothing is accepted.
func (s *Store) PutExemption(in *v1alpha1.Exemption) error {
	r := reader{rules: s.rules}
	out := r.exemption(in)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(r.errs) == 0 {
		s.exemptions[in.Name] = out
		s.publish()
	}
	return r.errs.ToAggregate()
}

// DeleteRuleset forgets a Ruleset.
func (s *Store) DeleteRuleset(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, had := s.rulesets[name]; had {
		delete(s.rulesets, name)
		s.publish()
	}
}

// DeleteExemption forgets an Exemption.
func (s *Store) DeleteExemption(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, had := s.exemptions[name]; had {
		delete(s.exemptions, name)
		s.publish()
	}
}

func (s *Store) publish() {
	s.set.Store(newSet(s.rulesets, s.exemptions))
	for _, f := range s.changed {
		f()
	}
}

// With returns a configuration with one Ruleset in place of what is there under its name, as it would be in force.
func (s *Store) With(now *Set, in *v1alpha1.Ruleset) *Set {
	r := reader{rules: s.rules}
	changed := r.ruleset(in)
	out := &Set{rulesets: []*ruleset{changed}}
	if now != nil {
		out.exemptions = now.exemptions
		for _, other := range now.rulesets {
			if other.name != changed.name {
				out.rulesets = append(out.rulesets, other)
			}
		}
	}
	slices.SortFunc(out.rulesets, byName)
	return out
}
