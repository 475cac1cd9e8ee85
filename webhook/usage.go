package webhook

import (
	"context"
	"sync"
	"time"

	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/api/v1alpha1"
	"github.com/bucketwarden/bucketwarden/webhook/inventory"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// statusInterval is how often what the audit has found is written into the status of Rulesets and Exemptions, where it
// differs from what stands there.
const statusInterval = 5 * time.Second

// usage counts which Rulesets and Exemptions the objects of the cluster fall under, and writes it into their status.
type usage struct {
	config *configuration
	client client.Client
	log    logr.Logger

	mu      sync.Mutex
	known   bool // once everything has been reviewed
	objects map[inventory.Key]ruled
}

// ruled is what decided about one object.
type ruled struct {
	rulesets, exemptions []string
	refused              bool
}

func (u *usage) seen(key inventory.Key, v review.Review) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.objects == nil {
		u.objects = map[inventory.Key]ruled{}
	}
	now := ruled{v.Rulesets(), v.Exemptions, v.Verdict() == review.Deny}
	if len(now.rulesets)+len(now.exemptions) == 0 {
		delete(u.objects, key)
		return
	}
	u.objects[key] = now
}

func (u *usage) passed() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.known = true
}

func (u *usage) forget() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.known, u.objects = false, nil
}

// tally is how many objects there are, and how many of them would be refused.
type tally struct{ objects, refused int64 }

// tallies counts by Ruleset and by Exemption. It is false before everything has been reviewed.
func (u *usage) tallies() (rulesets, exemptions map[string]tally, known bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	rulesets, exemptions = map[string]tally{}, map[string]tally{}
	add := func(to map[string]tally, names []string, refused bool) {
		for _, name := range names {
			t := to[name]
			t.objects++
			if refused {
				t.refused++
			}
			to[name] = t
		}
	}
	for _, o := range u.objects {
		add(rulesets, o.rulesets, o.refused)
		add(exemptions, o.exemptions, o.refused)
	}
	return rulesets, exemptions, u.known
}

// run writes until ctx ends, and forgets then.
func (u *usage) run(ctx context.Context) error {
	defer u.forget()
	wait.UntilWithContext(ctx, func(ctx context.Context) {
		if err := u.write(ctx, time.Now()); err != nil && ctx.Err() == nil && !meta.IsNoMatchError(err) {
			u.log.Error(err, "writing the status of the configuration")
		}
	}, statusInterval)
	return nil
}

func (u *usage) write(ctx context.Context, now time.Time) error {
	rulesets, exemptions, known := u.tallies()
	if !known {
		return nil
	}
	broken := u.config.Broken()
	why := func(kind, name string) string {
		return broken[inventory.Key{GroupKind: schema.GroupKind{Group: v1alpha1.GroupVersion.Group, Kind: kind}, Name: name}]
	}
	var sets v1alpha1.RulesetList
	if err := u.client.List(ctx, &sets); err != nil {
		return err
	}
	for i := range sets.Items {
		r := &sets.Items[i]
		old := r.DeepCopy()
		r.Status.Objects, r.Status.Failing = rulesets[r.Name].objects, rulesets[r.Name].refused
		r.Status.ObservedGeneration = r.Generation
		meta.SetStatusCondition(&r.Status.Conditions, ready(r.Generation, why("Ruleset", r.Name)))
		if err := u.update(ctx, r, equality.Semantic.DeepEqual(old.Status, r.Status)); err != nil {
			return err
		}
	}
	var accepted v1alpha1.ExemptionList
	if err := u.client.List(ctx, &accepted); err != nil {
		return err
	}
	for i := range accepted.Items {
		e := &accepted.Items[i]
		old := e.DeepCopy()
		e.Status.Objects, e.Status.ObservedGeneration = exemptions[e.Name].objects, e.Generation
		if e.Status.Objects > 0 {
			e.Status.LastUsed = &metav1.Time{Time: now.Truncate(time.Hour)}
		}
		meta.SetStatusCondition(&e.Status.Conditions, active(e, why("Exemption", e.Name), now))
		if err := u.update(ctx, e, equality.Semantic.DeepEqual(old.Status, e.Status)); err != nil {
			return err
		}
	}
	return nil
}

// update writes a status. Somebody who has changed the object meanwhile goes first: the next time is soon.
func (u *usage) update(ctx context.Context, obj client.Object, same bool) error {
	if same {
		return nil
	}
	err := u.client.Status().Update(ctx, obj)
	if apierrors.IsConflict(err) || apierrors.IsNotFound(err) {
		return nil
	}
	return err
}
