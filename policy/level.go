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
	return "", fmt.Errorf("level %q is none of privileged, baseline, restricted", s)
}

// Action returns what the level does about a finding.
func (l Level) Action(f Finding) Action {
	var a Action
	switch l {
	case Privileged:
		return Audit
	case Baseline:
		a = f.Rule.Baseline
	default:
		a = f.Rule.Restricted
	}
	if a == Patch && f.Fix == nil {
		a = f.Rule.Unfixed
	}
	if f.Ceiling != Off {
		a = min(a, f.Ceiling)
	}
	return a
}
