package audit

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook/inventory"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// state is what is remembered of one object: enough to see a change.
type state struct {
	report   client.ObjectKey
	results  hash
	verdict  string
	findings []tally
}

// tally is how many findings there are of one rule with one action.
type tally struct {
	rule, action string
	count        float64
}

// outcome is what came of the review of one object.
type outcome struct {
	object corev1.ObjectReference
	review review.Review
	err    error // why it could not be judged
}

func (o outcome) verdict() string {
	if o.err != nil {
		return failed
	}
	return string(o.review.Verdict())
}

// review reviews one object and tells what came of it. The error says that it could not be told.
func (a *Auditor) review(ctx context.Context, key inventory.Key) error {
	obj := a.Objects.Get(key)
	if obj == nil {
		a.forget(key)
		return nil
	}
	v, ok, err := a.contained(ctx, obj)
	if ctx.Err() != nil { // what a review says that was stopped would be a report of its own
		return ctx.Err()
	}
	if !ok && err == nil {
		a.forget(key)
		return nil
	}
	o := outcome{object: reference(obj), review: v, err: err}
	r := newReport(o, a.Group, a.Rules)
	if a.remember(key, o, r) {
		a.events.tell(ctx, o, r)
	}
	return a.reports.write(ctx, r)
}

// contained reviews an object whose document may have been written to break the review: that must not end the process,
// which has admission requests to answer.
func (a *Auditor) contained(ctx context.Context, obj map[string]any) (v review.Review, ok bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			a.Log.Error(fmt.Errorf("%v", p), "a review panicked", "object", inventory.KeyOf(obj).String(), "stack", string(debug.Stack()))
			err = fmt.Errorf("the review panicked: %v", p)
		}
	}()
	return a.Review(ctx, obj)
}

func reference(obj map[string]any) corev1.ObjectReference {
	u := unstructured.Unstructured{Object: obj}
	return corev1.ObjectReference{
		APIVersion: u.GetAPIVersion(), Kind: u.GetKind(), Namespace: inventory.KeyOf(obj).Namespace, Name: u.GetName(), UID: u.GetUID(),
	}
}

// remember notes what was found in an object, and reports whether that is news: not what a former leader has reported.
func (a *Auditor) remember(key inventory.Key, o outcome, r report) (news bool) {
	now := state{report: r.key(), results: r.digest.results, verdict: o.verdict(), findings: o.tallies()}
	a.mu.Lock()
	defer a.mu.Unlock()
	before := a.states[key]
	a.count(before, now)
	a.states[key] = now
	a.Seen(key, o.review)
	if before.report != now.report { // not known yet, or another object under the same name
		a.reports.forget(before.report)
		before.results = a.reports.lookup(now.report).results
	}
	return before.results != now.results
}

// tallies counts the findings.
func (o outcome) tallies() (out []tally) {
	for _, f := range o.review.Findings {
		if f.Action <= policy.Off {
			continue
		}
		rule, action := f.Rule.ID, f.Action.String()
		i := slices.IndexFunc(out, func(t tally) bool { return t.rule == rule && t.action == action })
		if i < 0 {
			i, out = len(out), append(out, tally{rule: rule, action: action})
		}
		out[i].count++
	}
	return slices.Clip(out)
}

// forget notes that an object is gone. Its report goes with it: the garbage collector sees to that.
func (a *Auditor) forget(key inventory.Key) {
	a.mu.Lock()
	defer a.mu.Unlock()
	before := a.states[key]
	a.count(before, state{})
	a.reports.forget(before.report)
	delete(a.states, key)
	a.Seen(key, review.Review{})
}
