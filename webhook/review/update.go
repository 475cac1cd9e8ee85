package review

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/fix"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// Update judges an object that takes the place of an older version of itself. The older version excuses what was wrong
// before; one that cannot be read excuses nothing. Both are judged within one budget, of which the older version takes half at
// the most: one that is hard to judge does not stand in the way of what mends it.
func (r Reviewer) Update(ctx context.Context, obj, before map[string]any, inventory Inventory) (out Review, ok bool, err error) {
	if unchanged(obj, before) { // which most updates are: they need no judgement of what was
		out, ok, err = r.Object(ctx, obj, inventory)
		if ok {
			out.Relax()
		}
		return out, ok, err
	}
	budget := space.NewBudget(ctx, reviewBudget)
	old, readable, err := r.object(before, inventory, nil, budget.Part(2))
	if err != nil || !readable { // stored before its schema forbade it
		return r.object(obj, inventory, nil, budget)
	}
	out, ok, err = r.object(obj, inventory, &old, budget)
	if err != nil || !ok {
		return out, ok, err
	}
	if out.adopts(old) {
		out.Relax()
	} else {
		out.ratchet(old)
	}
	return out, true, nil
}

// unchanged tells whether an update leaves everything alone that is judged. Such an update is never refused and never
// patched: a new rule must not rewrite production on the next annotation write, nor wedge a provider that notes what it
// has just created.
func unchanged(obj, before map[string]any) bool {
	now, ok, err := source.Read(obj)
	old, readable, unread := source.Read(before)
	if !ok || !readable || err != nil || unread != nil {
		return false
	}
	input := now.Input()
	if input == old.Input() {
		return true
	}
	// The provider notes the name of what it has created once, some time after the object came.
	named, _, err := source.Read(source.Named(before, old))
	return err == nil && input == named.Input()
}

// adopts tells whether an update is the one by which ACK fills an object with what is live in AWS and notes that it has.
// Leaving adoption in any other way is no excuse: what was written meanwhile would be sent.
func (v Review) adopts(old Review) bool { return old.Reading.Mode.Adopting && v.Reading.Mode.Adopted }

// standing is a finding that two versions of an object may both have.
type standing struct {
	what     string // see Review.standing
	shadowed bool
}

// ratchet lets an update of an object that was in the wrong before go on: a finding that old has too warns at most.
// It stands only while it concerns the same bucket and was really sent to AWS before: what stood in the shadow of another
// field excuses nothing that now stands in the light.
func (v *Review) ratchet(old Review) {
	if !v.follows(old) {
		return
	}
	before, rules := map[standing]int{}, map[string]int{}
	for _, f := range old.Findings {
		before[standing{old.standing(f), old.shadowed(f)}]++
		rules[f.Rule.ID]++
	}
	for i := range v.Findings {
		f := &v.Findings[i]
		sent := standing{v.standing(*f), false}
		unsent := standing{sent.what, true}
		switch {
		case before[sent] > 0:
			before[sent]--
		case v.shadowed(*f) && before[unsent] > 0:
			before[unsent]--
		case rules[f.Rule.ID] > 0 && v.narrower(old, f.document):
		default:
			continue
		}
		f.Standing = true
		if f.Action == policy.Deny {
			f.Action = policy.Warn
		}
	}
}

// follows tells whether what the object declares takes the place, in AWS, of what its older version declared.
func (v Review) follows(old Review) bool { return v.sameTarget(old) && (old.Sends() || !v.Sends()) }

// document returns what stands where the document now does, nil when that is nothing, cannot be read, or was not sent
// as it stood in the shadow of another one.
func (v Review) document(now source.Embedded) *iam.Document {
	for i, d := range v.Reading.Documents {
		if d.Field == now.Field && (now.Shadowed || !d.Shadowed) {
			return v.inputs[i].Document
		}
	}
	return nil
}

// shadowed tells whether another field counts in place of the one that a finding is about.
func (v Review) shadowed(f Finding) bool {
	if f.document >= 0 {
		return v.Reading.Documents[f.document].Shadowed
	}
	return slices.ContainsFunc(v.Reading.ACL.Canned[min(1, len(v.Reading.ACL.Canned)):], func(s source.Setting) bool {
		return source.FieldPath(s.Pointer) == f.Field
	})
}

// sameTarget tells whether both versions are about the same bucket or access point, under whatever way to name it.
func (v Review) sameTarget(old Review) bool {
	if v.Reading.AccessPoint.Literal != old.Reading.AccessPoint.Literal || v.Reading.Source.OnAccessPoint() && v.elsewhere(old) {
		return false
	}
	if now, before := v.bucket.Name, old.bucket.Name; now.Known() || before.Known() {
		return now.Value == before.Value
	}
	return reflect.DeepEqual(v.Reading.Name, old.Reading.Name)
}

// elsewhere tells whether an update moves the object to another account or region, in each of which an access point of the
// same name is another one. Buckets have a name of their own in all the world.
func (v Review) elsewhere(old Review) bool {
	moved := func(now, before source.Text) bool {
		return now.Value != "" && before.Value != "" && now.Value != before.Value
	}
	now, before := v.Reading, old.Reading
	return moved(now.Account, before.Account) || moved(now.Region, before.Region) ||
		now.ProviderConfig.Kind != before.ProviderConfig.Kind || now.ProviderConfig.Name != before.ProviderConfig.Name
}

// narrower tells whether a document is proved to grant no more than the one at the same field of old did.
func (v *Review) narrower(old Review, document int) bool {
	if document < 0 {
		return false
	}
	if _, known := v.narrows[document]; !known {
		now, before := v.inputs[document].Document, old.document(v.Reading.Documents[document])
		if v.narrows == nil {
			v.narrows = map[int]bool{}
		}
		v.narrows[document] = before != nil && now != nil && fix.Narrows(before, now, v.budget.Share(space.AdmissionBudget)) == nil
	}
	return v.narrows[document]
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
