//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	eventsv1 "k8s.io/api/events/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/utils/ptr"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/webhook"
	"github.com/bucketwarden/bucketwarden/webhook/audit"
)

// auditor is what one test looks at the reports with.
type auditor struct {
	*person
	group audit.Group
	kinds map[bool]schema.GroupVersionKind // of reports, by whether the object is namespaced
}

// startAudit starts a gate that audits.
func (a auditor) startAudit() {
	a.t.Helper()
	o := options(a.t, settings{policy.Baseline, webhook.Forbidden})
	o.Audit = webhook.Audit{Enabled: true, Interval: audit.DefaultInterval, Reports: a.group}
	startWith(a.t, o)
}

// report returns the one about an object, nil while there is none.
func (a auditor) report(obj *unstructured.Unstructured) *unstructured.Unstructured {
	a.t.Helper()
	list := &unstructured.UnstructuredList{}
	list.SetGroupVersionKind(a.kinds[obj.GetNamespace() != ""])
	if err := a.List(a.t.Context(), list, client.InNamespace(obj.GetNamespace())); err != nil {
		return nil // its CRD is not there yet
	}
	for i := range list.Items {
		if uid, _, _ := unstructured.NestedString(list.Items[i].Object, "scope", "uid"); uid == string(obj.GetUID()) {
			return &list.Items[i]
		}
	}
	return nil
}

// await returns the report about an object once it has so many failures and warnings.
func (a auditor) await(obj *unstructured.Unstructured, fail, warn int64) *unstructured.Unstructured {
	a.t.Helper()
	var out *unstructured.Unstructured
	var summary m
	err := wait.PollUntilContextTimeout(a.t.Context(), 20*time.Millisecond, time.Minute, true, func(context.Context) (bool, error) {
		if out = a.report(obj); out != nil {
			summary, _, _ = unstructured.NestedMap(out.Object, "summary")
		}
		return summary["fail"] == fail && summary["warn"] == warn, nil
	})
	if err != nil {
		a.t.Fatalf("the report about %s sums up %v, want %d failures and %d warnings", obj.GetName(), summary, fail, warn)
	}
	return out
}

// notes returns those of the Events on an object, with their reasons.
func (a auditor) notes(obj *unstructured.Unstructured) []string {
	a.t.Helper()
	list := &eventsv1.EventList{}
	if err := a.List(a.t.Context(), list, client.InNamespace("default")); err != nil {
		a.t.Fatal(err)
	}
	var out []string
	for _, e := range list.Items {
		if e.Regarding.UID == obj.GetUID() {
			out = append(out, e.Type+" "+e.Reason+": "+e.Note)
		}
	}
	return out
}

// table checks what kubectl shows of a report, but for the last column, which is the age. Every rule passes or is found.
func (a auditor) table(kind string, report *unstructured.Unstructured, fail, warn int) {
	a.t.Helper()
	row := fmt.Sprintf("%s %d %d %d 0 0", report.GetName(), len(rules.All)-fail-warn, fail, warn)
	const head = "NAME PASS FAIL WARN ERROR SKIP"
	answer, err := suite.Kubectl(a.t.Context(), nil, "get", kind, "-n", "default")
	if err != nil || answer.Code != 0 {
		a.t.Fatalf("kubectl get %s: %v %s", kind, err, answer.Stderr)
	}
	var got []string
	for line := range strings.Lines(answer.Stdout) {
		columns := strings.Fields(line)
		got = append(got, strings.Join(columns[:len(columns)-1], " "))
	}
	if got[0] != head || !slices.Contains(got, row) {
		a.t.Errorf("kubectl get %s shows\n%s\nwant the columns %s and the row %s", kind, answer.Stdout, head, row)
	}
}

// installReports installs the CRDs of the group, which stay: a group that goes and comes back is not served for a while.
func (a auditor) installReports() {
	a.t.Helper()
	crds, err := cluster.ReadReportCRDs(root)
	if err != nil {
		a.t.Fatal(err)
	}
	if err := cluster.InstallCRDs(suite.Config, crds[string(a.group)]); err != nil {
		a.t.Fatal(err)
	}
}

func newAuditor(t *testing.T, group audit.Group, version, kind string) auditor {
	t.Helper()
	if err := stopGate(); err != nil { // objects come that it would refuse
		t.Fatal(err)
	}
	gvk := schema.GroupVersion{Group: string(group), Version: version}.WithKind
	return auditor{newPerson(t), group, map[bool]schema.GroupVersionKind{true: gvk(kind), false: gvk("Cluster" + kind)}}
}

// Reports come with their CRDs, read well, and go with what they are about.
func TestAudit(t *testing.T) {
	a := newAuditor(t, audit.OpenReports, "v1alpha1", "Report")
	bad, fixable := bucketPolicy("found", allows("found", open)), ackBucket("fixable", allows("fixable", setsACL))
	a.create(bad)
	a.create(fixable)
	a.startAudit()
	eventually(t, "Events", func() bool { return len(a.notes(bad)) > 0 && len(a.notes(fixable)) > 0 })
	a.installReports()
	report := a.await(bad, 1, 1)
	owner := []metav1.OwnerReference{{
		APIVersion: "s3.aws.upbound.io/v1beta1", Kind: "BucketPolicy", Name: "found", UID: bad.GetUID(),
		Controller: ptr.To(false), BlockOwnerDeletion: ptr.To(false),
	}}
	if diff := cmp.Diff(owner, report.GetOwnerReferences()); diff != "" {
		t.Errorf("who owns the report (-want +got):\n%s", diff)
	}
	const said = `BW702 allow-not-principal: Statement[0] "Open": Allow with NotPrincipal allows everyone who is not named, ` +
		`including anonymous callers; name in Principal those who need access (spec.forProvider.policy line 1, column 92)`
	results, _, _ := unstructured.NestedSlice(report.Object, "results")
	if got := results[0].(m)["message"]; got != said {
		t.Errorf("the report says %q", got)
	}
	if diff := cmp.Diff([]string{"Warning PolicyDenied: " + said}, a.notes(bad)); diff != "" {
		t.Errorf("Events (-want +got):\n%s", diff)
	}
	a.table("Report", a.await(fixable, 0, 3), 0, 3)
	a.table("ClusterReport", report, 1, 1)
}

// A report is written when something else is found, and not when another gate takes over.
func TestAuditWritesChanges(t *testing.T) {
	a := newAuditor(t, audit.OpenReports, "v1alpha1", "Report")
	a.installReports()
	still, changing := bucketPolicy("still", allows("still", open)), bucketPolicy("changing", allows("changing", open))
	a.create(still)
	a.create(changing)
	a.startAudit()
	before, first := a.await(still, 1, 1), a.await(changing, 1, 1)
	// What comes and is reported after a change has been seen after it.
	seen := 0
	barrier := func() {
		seen++
		name := fmt.Sprintf("seen-%d", seen)
		last := bucketPolicy(name, allows(name, reads))
		a.create(last)
		a.await(last, 0, 1)
	}
	if err := a.Update(t.Context(), annotate(a.again(still), "example.com/note", "x")); err != nil {
		t.Fatal(err)
	}
	if err := a.Update(t.Context(), set(a.again(changing), allows("changing", open, denies), "spec.forProvider.policy")); err != nil {
		t.Fatal(err)
	}
	after := a.await(changing, 1, 0)
	barrier()
	a.startAudit()
	barrier()
	for _, r := range []struct{ before, now *unstructured.Unstructured }{{before, a.report(still)}, {after, a.report(changing)}} {
		if diff := cmp.Diff(r.before, r.now); diff != "" {
			t.Errorf("written again (-before +now):\n%s", diff)
		}
	}
	since := func(u *unstructured.Unstructured) any {
		results, _, _ := unstructured.NestedSlice(u.Object, "results")
		return results[0].(m)["timestamp"]
	}
	if diff := cmp.Diff(since(first), since(after)); diff != "" {
		t.Errorf("a finding that stays is older than its report (-want +got):\n%s", diff)
	}
	if got := a.notes(changing); len(got) != 2 {
		t.Errorf("Events: %q, want one for what was found at first and one for what is left", got)
	}
}

// The older API takes the reports too.
func TestAuditInOlderGroup(t *testing.T) {
	a := newAuditor(t, audit.PolicyReports, "v1alpha2", "PolicyReport")
	a.installReports()
	bad, fixable := bucketPolicy("older", allows("older", open)), ackBucket("older-fixable", allows("older-fixable", setsACL))
	a.create(bad)
	a.create(fixable)
	a.startAudit()
	a.table("PolicyReport", a.await(fixable, 0, 3), 0, 3)
	a.table("ClusterPolicyReport", a.await(bad, 1, 1), 1, 1)
}
