package audit

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/plain/plaintest"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

var public = &policy.Rule{ID: "BW201", Name: "public-access", Severity: policy.Critical}

func finding(rule *policy.Rule, action policy.Action, message string) review.Finding {
	return review.Finding{
		Finding: policy.Finding{Rule: rule, Message: message, Certainty: policy.Proved}, Action: action, Field: "spec.policy",
	}
}

func found(findings ...review.Finding) outcome {
	return outcome{
		object: corev1.ObjectReference{
			APIVersion: "s3.services.k8s.aws/v1alpha1", Kind: "Bucket", Namespace: "team", Name: "logs", UID: "0a1b",
		},
		review: review.Review{Findings: findings},
	}
}

func TestReport(t *testing.T) {
	unreadable := &policy.Rule{ID: "BW101", Name: "unreadable-document", Severity: policy.SeverityError}
	hygiene := &policy.Rule{ID: "BW105", Name: "sid", Severity: policy.Low}
	fixable := finding(hygiene, policy.Patch, "a Sid")
	fixable.Fix = &policy.Fix{Class: policy.Equivalent}
	accepted := finding(public, policy.Audit, "the website")
	accepted.Exempted = "website"
	r := newReport(found(fixable, accepted, finding(unreadable, policy.Deny, "not JSON")), OpenReports, 30)
	want := m{
		"apiVersion": "openreports.io/v1alpha1", "kind": "Report", "source": "bucketwarden",
		"metadata": m{
			"name": r.GetName(), "namespace": "team", "labels": m{"app.kubernetes.io/managed-by": "bucketwarden"},
			"annotations": m{"bucketwarden.dev/hash": r.digest.String()},
			"ownerReferences": []any{m{
				"apiVersion": "s3.services.k8s.aws/v1alpha1", "kind": "Bucket", "name": "logs", "uid": "0a1b",
				"controller": false, "blockOwnerDeletion": false,
			}},
		},
		"scope":   m{"apiVersion": "s3.services.k8s.aws/v1alpha1", "kind": "Bucket", "namespace": "team", "name": "logs", "uid": "0a1b"},
		"summary": m{"pass": int64(27), "fail": int64(1), "warn": int64(1), "error": int64(0), "skip": int64(1)},
		"results": []any{
			m{
				"source": "bucketwarden", "policy": "BW101", "rule": "unreadable-document", "category": "S3 access", "severity": "critical",
				"result": "fail", "scored": true, "message": "BW101 unreadable-document: not JSON (spec.policy)",
				"properties": m{"action": "Deny", "certainty": "proved", "field": "spec.policy"},
			},
			m{
				"source": "bucketwarden", "policy": "BW105", "rule": "sid", "category": "S3 access", "severity": "low",
				"result": "warn", "scored": false, "message": "BW105 sid: a Sid (spec.policy)",
				"properties": m{"action": "Patch", "certainty": "proved", "field": "spec.policy", "fix": "Equivalent"},
			},
			m{
				"source": "bucketwarden", "policy": "BW201", "rule": "public-access", "category": "S3 access", "severity": "critical",
				"result": "skip", "scored": false, "message": "BW201 public-access: the website (spec.policy)",
				"properties": m{"action": "Audit", "certainty": "proved", "field": "spec.policy", "exemption": "website"},
			},
		},
	}
	if diff := cmp.Diff(want, r.Object); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReportOfFailure(t *testing.T) {
	o := found()
	o.err = errors.New("spec.policy: a\nnumber")
	r := newReport(o, PolicyReports, 30)
	want := m{"pass": int64(0), "fail": int64(0), "warn": int64(0), "error": int64(1), "skip": int64(0)}
	if diff := cmp.Diff(want, r.Object["summary"]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	results := []any{m{"source": "bucketwarden", "policy": "bucketwarden", "result": "error", "message": `spec.policy: a\nnumber`}}
	if diff := cmp.Diff(results, r.Object["results"]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What documents, names and errors have in them neither commands a terminal nor breaks a line.
func TestHostileReportsAndEvents(t *testing.T) {
	bad := finding(public, policy.Deny, plaintest.Hostile)
	bad.Field = "spec." + plaintest.Hostile
	unreadable := found()
	unreadable.err = errors.New(plaintest.Hostile)
	for _, o := range []outcome{found(bad), found(finding(public, policy.Warn, plaintest.Hostile), bad), unreadable} {
		said := []string{o.note()}
		for _, result := range newReport(o, OpenReports, 30).Object["results"].([]any) {
			said = append(said, result.(m)["message"].(string))
			if properties, ok := result.(m)["properties"].(m); ok {
				said = append(said, properties["field"].(string))
			}
		}
		if fault := plaintest.Fault(strings.Join(said, "\n")); fault != "" {
			t.Errorf("%q", fault)
		}
	}
}

// The older group knows three severities and no source of the whole.
func TestReportOfOlderGroup(t *testing.T) {
	for severity, want := range map[policy.Severity]string{
		policy.Info: "low", policy.Low: "low", policy.Medium: "medium", policy.High: "high", policy.Critical: "high", policy.SeverityError: "high",
	} {
		r := newReport(found(finding(&policy.Rule{Severity: severity}, policy.Warn, "x")), PolicyReports, 30)
		got := r.Object["results"].([]any)[0].(m)["severity"]
		if got != want || r.GetKind() != "PolicyReport" || r.Object["source"] != nil {
			t.Errorf("severity %s: %v of kind %s with source %v, want %q", severity, got, r.GetKind(), r.Object["source"], want)
		}
	}
}

// Whoever writes documents must not make reports and Events that the API server does not take.
func TestBounds(t *testing.T) {
	var many []review.Finding
	for i := range mostResults + 5 {
		many = append(many, finding(public, policy.Warn, fmt.Sprintf("%d %s", i, strings.Repeat("\U0001F600\n", 3000))))
	}
	many = append(many, finding(public, policy.Deny, "the worst comes last"))
	o := found(many...)
	o.object.Name = strings.Repeat("a", 199) + "." + strings.Repeat("b", 53)
	r := newReport(o, OpenReports, 30)
	if errs := validation.IsDNS1123Subdomain(r.GetName() + "." + r.digest.results.String()[:16]); errs != nil {
		t.Errorf("%s: %v", r.GetName(), errs)
	}
	results := r.Object["results"].([]any)
	first, last := results[0].(m), results[len(results)-1].(m)
	if len(results) != mostResults+1 || first["result"] != "fail" || last["message"] != "and 6 more; run bucketwarden review" {
		t.Errorf("%d results, first %v, last %v", len(results), first, last)
	}
	for _, result := range results {
		if message := result.(m)["message"].(string); utf8.RuneCountInString(message) > mostText || strings.Contains(message, "\n") {
			t.Errorf("message of %d characters: %.80q", utf8.RuneCountInString(message), message)
		}
	}
	o.review.Findings = slices.Concat(many[:5], []review.Finding{finding(public, policy.Audit, "of which nobody is warned")})
	if note := o.note(); len(note) > 1024 || !strings.HasSuffix(note, "; and 4 more") {
		t.Errorf("note of %d bytes: %.80q", len(note), note)
	}
}

// A result keeps the time at which it came while others come and go.
func TestSince(t *testing.T) {
	at := func(s int64) time.Time { return time.Unix(s, 0) }
	times := func(u *unstructured.Unstructured) map[string]int64 {
		out := map[string]int64{}
		for _, result := range u.Object["results"].([]any) {
			out[result.(m)["policy"].(string)] = result.(m)["timestamp"].(m)["seconds"].(int64)
		}
		return out
	}
	stays, comes := finding(public, policy.Deny, "x"), finding(&policy.Rule{ID: "BW105"}, policy.Warn, "y")
	first := newReport(found(stays), OpenReports, 30).since(&unstructured.Unstructured{}, at(1))
	second := newReport(found(stays, comes), OpenReports, 30).since(first, at(2))
	if diff := cmp.Diff(map[string]int64{"BW201": 1, "BW105": 2}, times(second)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	worse := finding(public, policy.Deny, "more than x")
	third := newReport(found(worse, comes), OpenReports, 30).since(second, at(3))
	if diff := cmp.Diff(map[string]int64{"BW201": 3, "BW105": 2}, times(third)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The digest of the results leaves out what else is in a report.
func TestDigest(t *testing.T) {
	bad := finding(public, policy.Deny, "x")
	before := newReport(found(bad), OpenReports, 30).digest
	if parseDigest(before.String()) != before {
		t.Errorf("%q is read as %v", before, parseDigest(before.String()))
	}
	if again := newReport(found(bad), OpenReports, 30).digest; again != before {
		t.Errorf("%v, and %v for the same", before, again)
	}
	if more := newReport(found(bad), OpenReports, 31).digest; more.all == before.all || more.results != before.results {
		t.Errorf("%v, and %v with a rule more", before, more)
	}
	if none := newReport(found(), OpenReports, 30).digest; none.results == before.results {
		t.Errorf("%v, and %v without findings", before, none)
	}
}
