package review

import (
	"reflect"
	"regexp"

	"github.com/bucketwarden/bucketwarden/policy"
)

// Unchanged tells whether an update leaves everything alone that is judged. Such an update is never refused and never
// patched: a new rule must not rewrite production on the next annotation write, nor wedge a provider that notes what it
// has just created.
func (v Review) Unchanged(old Review) bool {
	return v.Reading.Input() == old.Reading.Input()
}

// Ratchet lets an update of an object that was in the wrong before go on: a finding that old has too warns at most.
// It stands only while it concerns the same bucket and was really sent to AWS before.
func (v *Review) Ratchet(old Review) {
	if !reflect.DeepEqual(v.Reading.Name, old.Reading.Name) ||
		!reflect.DeepEqual(v.Reading.AccessPoint, old.Reading.AccessPoint) ||
		!old.Sends() && v.Sends() {
		return
	}
	before := map[string]int{}
	for _, f := range old.Findings {
		before[f.standing()]++
	}
	for i := range v.Findings {
		f := &v.Findings[i]
		if before[f.standing()] == 0 {
			continue
		}
		before[f.standing()]--
		f.Standing = true
		if f.Action == policy.Deny {
			f.Action = policy.Warn
		}
	}
}

// Sends tells whether what the object declares goes to AWS. A provider only compares an object that observes, and fills
// one that is being adopted from AWS: it must not be refused, nor patched, as the patch would be sent.
func (v Review) Sends() bool { return !v.Reading.Mode.ObserveOnly && !v.Reading.Mode.Adopting }

// Relax lets everything pass with a warning and patches nothing.
func (v *Review) Relax() {
	v.Patch, v.Fixed = nil, nil
	for i := range v.Findings {
		v.Findings[i].Action = min(v.Findings[i].Action, policy.Warn)
	}
}

var statementIndex = regexp.MustCompile(`^Statement\[[0-9]+\]`)

// standing names a finding across two versions of an object, wherever its statement has moved.
func (f Finding) standing() string {
	return f.Rule.ID + "\x00" + f.Field + "\x00" + statementIndex.ReplaceAllString(f.Message, "")
}
