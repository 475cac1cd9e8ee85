//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/webhook"
	"github.com/bucketwarden/bucketwarden/webhook/audit"
	"github.com/bucketwarden/bucketwarden/webhook/inventory"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// life is what happens to one object, in order: each version takes the place of the one before, and one that is annotated
// with goes deletes it.
type life []*unstructured.Unstructured

// lives are those of the objects about one bucket.
func lives(name string) []life {
	refers := unset(bucketPolicy(name, allows(name, setsACL)), "spec.forProvider.bucket")
	refers = set(refers, m{"name": name}, "spec.forProvider.bucketRef")
	wider := set(refers.DeepCopy(), allows(name, setsACL, open), "spec.forProvider.policy")
	blocks := func(restrict bool) *unstructured.Unstructured {
		return kind("s3.aws.upbound.io", "v1beta1", "BucketPublicAccessBlock", "", name, m{"forProvider": m{
			"region": "eu-central-1", "bucket": name, "blockPublicPolicy": restrict, "restrictPublicBuckets": restrict,
		}})
	}
	acl := kind("s3.aws.upbound.io", "v1beta2", "BucketACL", "", name, m{"forProvider": m{"region": "eu-central-1", "bucket": name, "acl": "private"}})
	return []life{
		{bucket(name, nil)}, {refers, wider}, {acl, annotate(acl.DeepCopy(), "goes", "away")},
		{ownership(name, "BucketOwnerEnforced"), ownership(name, "ObjectWriter"), ownership(name, "BucketOwnerEnforced")},
		{blocks(true), blocks(false)},
	}
}

// TestOrders lets the objects about a bucket come, change and go in random orders, all buckets at once. In the end every
// report says what a review of what is there says that sees all of it at once.
func TestOrders(t *testing.T) {
	a := newAuditor(t, audit.OpenReports, "v1alpha1", "Report")
	a.installReports()
	o := options(t, settings{policy.Privileged, webhook.Forbidden})
	o.Audit = webhook.Audit{Enabled: true, Interval: audit.DefaultInterval, Reports: audit.OpenReports}
	startWith(t, o)
	t.Cleanup(func() {
		if err := stopGate(); err != nil {
			t.Error(err)
		}
	})
	random := rand.New(rand.NewPCG(3, 4))
	var waiting []life
	for i := range 12 {
		waiting = append(waiting, lives(fmt.Sprintf("orders-%d", i))...)
	}
	for n := 0; len(waiting) > 0; n++ {
		if n%8 == 0 { // what has happened so far is reported, and has to be again once it is no longer right
			last := bucketPolicy(fmt.Sprintf("orders-seen-%d", n), allows("orders-seen", reads))
			a.create(last)
			eventually(t, "a report", func() bool { return a.report(last) != nil })
		}
		i := random.IntN(len(waiting))
		a.step(waiting[i])
		if waiting[i] = waiting[i][1:]; len(waiting[i]) == 0 || random.IntN(4) == 0 { // not every life is led to its end
			waiting = slices.Delete(waiting, i, i+1)
		}
	}
	for i := range 12 {
		a.settled(fmt.Sprintf("orders-%d", i))
	}
}

// step makes the next version of an object.
func (a auditor) step(l life) {
	a.t.Helper()
	next := l[0].DeepCopy()
	if next.GetAnnotations()["goes"] != "" {
		a.remove(next)
		return
	}
	err := a.Create(a.t.Context(), next)
	if err == nil {
		a.t.Cleanup(func() { a.remove(next) })
		return
	}
	old := a.again(next)
	old.Object["spec"] = next.Object["spec"]
	if err := a.Update(a.t.Context(), old); err != nil {
		a.t.Fatal(err)
	}
}

// settled waits until the reports about a bucket's objects say what they should.
func (a auditor) settled(name string) {
	a.t.Helper()
	index, all := &inventory.Index{}, []*unstructured.Unstructured{}
	for _, l := range lives(name) {
		obj := l[0].DeepCopy()
		if err := a.Get(a.t.Context(), client.ObjectKeyFromObject(obj), obj); err == nil {
			index.Set(obj.Object)
			all = append(all, obj)
		}
	}
	for _, obj := range all {
		v, _, err := review.Reviewer{Rules: rules.All, Level: policy.Privileged}.Object(a.t.Context(), obj.Object, index)
		if err != nil {
			a.t.Fatal(err)
		}
		var want, got []string
		for _, f := range v.Findings {
			want = append(want, f.Text())
		}
		slices.Sort(want)
		err = wait.PollUntilContextTimeout(a.t.Context(), 50*time.Millisecond, time.Minute, true, func(context.Context) (bool, error) {
			got = nil
			if r := a.report(obj); r != nil {
				results, _, _ := unstructured.NestedSlice(r.Object, "results")
				for _, result := range results {
					got = append(got, result.(m)["message"].(string))
				}
			}
			slices.Sort(got)
			return slices.Equal(want, got), nil
		})
		if err != nil {
			a.t.Errorf("%s %s (-want +reported):\n%s", obj.GetKind(), obj.GetName(), cmp.Diff(want, got))
		}
	}
}
