package review

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/public"
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/webhook/inventory"
)

// bucket is an object that holds a document.
func bucket(document string) map[string]any {
	return m{
		"apiVersion": "s3.services.k8s.aws/v1alpha1", "kind": "Bucket", "metadata": m{"name": "b", "namespace": "team"},
		"spec": m{
			"name": "b", "policy": document,
			"ownershipControls": m{"rules": []any{m{"objectOwnership": string(policy.BucketOwnerEnforced)}}},
		},
	}
}

// role is an object that holds a document many times, each with something of its own.
func role(document string) map[string]any {
	policies := m{}
	for i := range 250_000 / len(document) {
		policies[fmt.Sprint("p", i)] = strings.ReplaceAll(document, `"Principal":"*",`, fmt.Sprintf(`"Sid":"S%d",`, i))
	}
	return m{
		"apiVersion": "iam.services.k8s.aws/v1alpha1", "kind": "Role", "metadata": m{"name": "r", "namespace": "team"},
		"spec": m{"name": "r", "inlinePolicies": policies},
	}
}

// strict asks all that can be asked.
var strict = Reviewer{
	Rules: rules.All, Level: policy.Restricted, Trust: &public.Trust{Accounts: []string{"111122223333"}, Networks: []string{"10.0.0.0/8"}},
}

// hostileObjects are the objects that hold hostile documents, by name.
func hostileObjects() map[string]map[string]any {
	out := map[string]map[string]any{}
	for name, f := range hostiles {
		text := largest(f)
		out[name] = bucket(text)
		out["role/"+name] = role(text)
		out["too large/"+name] = bucket(f(110_000))
	}
	return out
}

// TestWorkEnds holds the work of a review to its budget, whatever the object is, in steps. What takes no step of it does not
// grow with the square of the document.
func TestWorkEnds(t *testing.T) {
	if testing.Short() {
		t.Skip("a sweep, which -short leaves out")
	}
	objects := hostileObjects()
	var took []int
	for _, name := range slices.Sorted(maps.Keys(objects)) {
		v, ok, err := strict.Object(t.Context(), objects[name], &inventory.Index{})
		if !ok || err != nil {
			t.Fatalf("%s: %v, %v", name, ok, err)
		}
		spent := v.budget.Spent()
		if spent > reviewBudget+reviewBudget/10 { // what has begun is ended
			t.Errorf("%s: %d steps, want %d at the most", name, spent, reviewBudget)
		}
		document, _ := objects[name]["spec"].(m)["policy"].(string)
		if strings.HasPrefix(name, "too large/") && name != "too large/white space" && spent > 2*len(document) {
			t.Errorf("%s: %d steps for what S3 refuses for its size", name, spent)
		}
		took = append(took, spent)
	}
	if slices.Max(took) < reviewBudget/2 {
		t.Errorf("nothing here is hard: %d steps at the most", slices.Max(took))
	}
}

// TestManyDocuments holds an object to have no more to read than anything takes.
func TestManyDocuments(t *testing.T) {
	text := policyOf(statement("Allow", nil), m{"Sid": strings.Repeat("s", 20_000)})
	policies := m{}
	for i := range 20 {
		policies[fmt.Sprint("p", 10+i)] = text
	}
	v, _, err := strict.Object(t.Context(), m{
		"apiVersion": "iam.services.k8s.aws/v1alpha1", "kind": "Role", "metadata": m{"name": "r"}, "spec": m{"inlinePolicies": policies},
	}, &inventory.Index{})
	refused := map[string]bool{}
	for _, f := range v.Findings {
		if f.Rule.ID == "BW101" && strings.Contains(f.Message, errTooMuch.Error()) {
			refused[f.Field] = f.Action == policy.Deny
		}
	}
	if want := 20 - mostText/len(text); err != nil || len(refused) != want || v.Verdict() != Deny {
		t.Errorf("%v, %v: %d documents are not read, want %d", err, v.Verdict(), len(refused), want)
	}
}

// TestWorkEndsWithRequest shows that a review whose request has ended asks nothing any more, and proves nothing.
func TestWorkEndsWithRequest(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, obj := range map[string]map[string]any{"hard": bucket(largest(formula)), "easy": bucket(formula(1000))} {
		v, _, err := strict.Object(ctx, obj, &inventory.Index{})
		if err != nil || v.Verdict() != Deny {
			t.Errorf("%s: %v, %v", name, v.Verdict(), err)
		}
		if spent := v.budget.Spent(); spent > reviewBudget/20 {
			t.Errorf("%s: %d steps after the end", name, spent)
		}
	}
}

// TestWorkOfUpdates holds both versions of an object to one budget, and the older to half of it: one that is hard to judge does
// not stand in the way of what mends it.
func TestWorkOfUpdates(t *testing.T) {
	if testing.Short() {
		t.Skip("a sweep, which -short leaves out")
	}
	hard := bucket(largest(manyStatements))
	mended := bucket(policyOf(statement("Allow", m{"Principal": m{"AWS": "111122223333"}})))
	v, _, err := Reviewer{Rules: rules.All, Level: policy.Baseline}.Update(t.Context(), mended, hard, &inventory.Index{})
	if err != nil || v.Verdict() == Deny {
		t.Errorf("%v, %v: %v", v.Verdict(), err, v.Denial("Bucket", "b"))
	}
	if spent := v.budget.Spent(); spent > reviewBudget {
		t.Errorf("%d steps", spent)
	}
	for name, f := range hostiles {
		text := largest(f)
		changed := strings.Replace(text, `"s3:GetObject"`, `"s3:PutObject"`, 3)
		v, _, err = strict.Update(t.Context(), bucket(changed), bucket(text), &inventory.Index{})
		if spent := v.budget.Spent(); err != nil || spent > reviewBudget+reviewBudget/20 {
			t.Errorf("%s: %d steps, %v", name, spent, err)
		}
		patched := strings.Replace(text, `"s3:GetObject"`, `["s3:GetObject","s3:PutObjectAcl"]`, 1)
		v, _, err = Reviewer{Rules: rules.All, Level: policy.Baseline}.Object(t.Context(), bucket(patched), &inventory.Index{})
		if spent := v.budget.Spent(); err != nil || spent > reviewBudget+reviewBudget/20 {
			t.Errorf("patched %s: %d steps, %v", name, spent, err)
		}
	}
}

// processor returns the time of processors that the process has taken.
func processor() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkHostile is one review of each hostile object. On a busy machine cpu-ms/op says what it takes.
func BenchmarkHostile(b *testing.B) {
	objects := hostileObjects()
	for _, name := range slices.Sorted(maps.Keys(objects)) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var v Review
			before := processor()
			for b.Loop() {
				v, _, _ = strict.Object(b.Context(), objects[name], &inventory.Index{})
			}
			b.ReportMetric(float64((processor()-before).Milliseconds())/float64(b.N), "cpu-ms/op")
			b.ReportMetric(float64(v.budget.Spent()), "steps")
		})
	}
}
