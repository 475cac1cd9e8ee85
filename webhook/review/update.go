package review

import (
	"context"
	"reflect"

	"github.com/bucketwarden/bucketwarden/policy"
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
	return r.object(obj, inventory, &old, budget)
}

// unchanged reports whether an update leaves everything alone that is judged. Such an update is never refused and never
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

// follows reports whether what the object declares takes the place, in AWS, of what its older version declared.
func (v Review) follows(old Review) bool { return v.sameTarget(old) && (old.Sends() || !v.Sends()) }

// sameTarget reports whether both versions are about the same bucket, object in it or access point, under whatever way to name it.
func (v Review) sameTarget(old Review) bool {
	if v.Reading.AccessPoint.Literal != old.Reading.AccessPoint.Literal || v.Reading.Source.OnAccessPoint() && v.elsewhere(old) {
		return false
	}
	if v.Reading.ObjectKey.Value != old.Reading.ObjectKey.Value {
		return false
	}
	if now, before := v.bucket.Name, old.bucket.Name; now.Known() || before.Known() {
		return now.Value == before.Value
	}
	return reflect.DeepEqual(v.Reading.Name, old.Reading.Name)
}

// elsewhere reports whether an update moves the object to another account or region, in each of which an access point of the
// same name is another one. Buckets have a name of their own in all the world.
func (v Review) elsewhere(old Review) bool {
	moved := func(now, before source.Text) bool {
		return now.Value != "" && before.Value != "" && now.Value != before.Value
	}
	now, before := v.Reading, old.Reading
	return moved(now.Account, before.Account) || moved(now.Region, before.Region) ||
		now.ProviderConfig.Kind != before.ProviderConfig.Kind || now.ProviderConfig.Name != before.ProviderConfig.Name
}

// Sends reports whether what the object declares goes to AWS. A provider only compares an object that observes, and fills
// one that is being adopted from AWS: it must not be refused, nor patched, as the patch would be sent.
func (v Review) Sends() bool { return !v.Reading.Mode.ObserveOnly && !v.Reading.Mode.Adopting }

// Relax lets everything pass with a warning and patches nothing.
func (v *Review) Relax() {
	v.Patch, v.Fixed = nil, nil
	for i := range v.Findings {
		v.Findings[i].Action = min(v.Findings[i].Action, policy.Warn)
	}
}
