package review

import (
	"github.com/bucketwarden/bucketwarden/policy"
)

// Verdict is the answer to one object: the strongest action of its findings.
type Verdict string

// The verdicts.
const (
	Admit Verdict = "Admit"
	Warn  Verdict = "Warn"
	Patch Verdict = "Patch"
	Deny  Verdict = "Deny"
)

// Verdict returns the strongest action of the findings.
func (v Review) Verdict() Verdict {
	out := policy.Off
	for _, f := range v.Findings {
		out = max(out, f.Action)
	}
	switch out {
	case policy.Deny:
		return Deny
	case policy.Patch:
		return Patch
	case policy.Warn:
		return Warn
	}
	return Admit
}
