package policy

import "fmt"

// Action is what is done about a finding, mildest first.
type Action uint8

// The actions. Audit goes to reports and metrics only; Patch repairs what can be proved safe to repair.
const (
	Off Action = iota
	Audit
	Warn
	Patch
	Deny
)

// String returns the action as configuration and output write it.
func (a Action) String() string { return [...]string{"Off", "Audit", "Warn", "Patch", "Deny"}[a] }

// Level is a named set of actions, in the way of Pod Security Admission.
type Level string

// The levels: Privileged enforces nothing and audits everything, Baseline refuses what is provably public, unreadable
// or refused by S3 anyway, Restricted refuses what a least-privilege reviewer would send back.
const (
	Privileged Level = "privileged"
	Baseline   Level = "baseline"
	Restricted Level = "restricted"
)

// ParseLevel reads a level's name.
func ParseLevel(s string) (Level, error) {
	switch l := Level(s); l {
	case Privileged, Baseline, Restricted:
		return l, nil
	}
	return "", fmt.Errorf("level %q must be privileged, baseline or restricted", s)
}

// Action returns what the level does about a finding.
func (l Level) Action(f Finding) Action {
	switch {
	case f.Rule.Baseline == Off && f.Rule.Restricted == Off: // only a Ruleset asks for it
		return Off
	case l == Privileged:
		return Audit
	case l == Baseline:
		return f.unasked(f.Rule.Baseline)
	}
	return f.unasked(f.Rule.Restricted)
}

// unasked returns what comes of a level's action: a fix that takes access away is made only where somebody asks for it.
func (f Finding) unasked(a Action) Action {
	if f.Fix != nil && f.Fix.Class == Narrowing {
		f.Fix = nil
	}
	return f.Limit(a)
}

// Limit returns what comes of an action for this very finding: what cannot be fixed is not patched, and nothing goes
// beyond the Ceiling.
func (f Finding) Limit(a Action) Action {
	if a == Patch && f.Fix == nil {
		a = f.Rule.Unfixed
		if a == Off { // a rule that no level patches has none, and is as strict as it was
			a = max(f.Rule.Baseline, Warn)
		}
	}
	if f.Ceiling != Off {
		a = min(a, f.Ceiling)
	}
	return a
}

// ParseAction reads an action's name.
func ParseAction(s string) (Action, error) {
	for a := Off; a <= Deny; a++ {
		if a.String() == s {
			return a, nil
		}
	}
	return Off, fmt.Errorf("action %q must be Deny, Patch, Warn, Audit or Off", s)
}
