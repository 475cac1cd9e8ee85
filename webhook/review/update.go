package review

import (
	"encoding/json"
	"reflect"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/fix"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// Unchanged tells whether an update leaves everything alone that is judged. Such an update is never refused and never
// patched: a new rule must not rewrite production on the next annotation write, nor wedge a provider that notes what it
// has just created.
func (v Review) Unchanged(old Review) bool {
	if v.Reading.Input() == old.Reading.Input() {
		return true
	}
	// The provider notes the name of what it has created once, some time after the object came.
	named, _, err := source.Read(source.Named(old.object, old.Reading))
	return err == nil && v.Reading.Input() == named.Input()
}

// Adopts tells whether an update is the one by which ACK fills an object with what is live in AWS and notes that it has.
// Leaving adoption in any other way is no excuse: what was written meanwhile would be sent.
func (v Review) Adopts(old Review) bool { return old.Reading.Mode.Adopting && v.Reading.Mode.Adopted }

// Ratchet lets an update of an object that was in the wrong before go on: a finding that old has too warns at most.
// It stands only while it concerns the same bucket and was really sent to AWS before.
func (v *Review) Ratchet(old Review) {
	if !v.sameTarget(old) || !old.Sends() && v.Sends() {
		return
	}
	before, rules := map[string]int{}, map[string]int{}
	for _, f := range old.Findings {
		before[old.standing(f)]++
		rules[f.Rule.ID]++
	}
	narrower := v.narrower(old)
	for i := range v.Findings {
		f := &v.Findings[i]
		name := v.standing(*f)
		switch {
		case before[name] > 0:
			before[name]--
		case rules[f.Rule.ID] > 0 && f.document >= 0 && narrower[f.document]:
		default:
			continue
		}
		f.Standing = true
		if f.Action == policy.Deny {
			f.Action = policy.Warn
		}
	}
}

// sameTarget tells whether both versions are about the same bucket or access point, under whatever way to name it.
func (v Review) sameTarget(old Review) bool {
	if v.Reading.AccessPoint.Literal != old.Reading.AccessPoint.Literal {
		return false
	}
	if now, before := v.bucket.Name, old.bucket.Name; now.Known() || before.Known() {
		return now.Value == before.Value
	}
	return reflect.DeepEqual(v.Reading.Name, old.Reading.Name)
}

// narrower tells, of each document, whether it is proved to grant no more than the one at the same field of old did.
func (v Review) narrower(old Review) []bool {
	out := make([]bool, len(v.Reading.Documents))
	for i, d := range v.Reading.Documents {
		for j, o := range old.Reading.Documents {
			if d.Field == o.Field && v.inputs[i].Document != nil && old.inputs[j].Document != nil {
				out[i] = fix.Narrows(old.inputs[j].Document, v.inputs[i].Document) == nil
			}
		}
	}
	return out
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

// standing names a finding across two versions of an object. Words alone would not do: a statement that lets in the
// same people may let them do more. In a document it is therefore the statement as it stands, wherever it has moved,
// and the whole document where no statement is to blame or nothing can be read.
func (v Review) standing(f Finding) string {
	what := f.Field + "\x00" + f.Message
	if f.document >= 0 {
		in := v.inputs[f.document]
		what = in.Text
		if i := f.At.Statement(); in.Document != nil && i >= 0 && i < len(in.Document.Statements) {
			what = canonical(in.Document.Statements[i].Value)
		}
	}
	return f.Rule.ID + "\x00" + what
}

// canonical returns the JSON of a value with its keys in order: providers write back what AWS gives them.
func canonical(v *iam.Value) string {
	var any any
	if err := json.Unmarshal([]byte(v.Compact()), &any); err != nil {
		return v.Compact()
	}
	text, err := json.Marshal(any)
	if err != nil {
		return v.Compact()
	}
	return string(text)
}
