//go:build e2e

package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook"
)

// A refusal tells machines what it tells people.
func TestStatus(t *testing.T) {
	refuse := func(t *testing.T) metav1.Status {
		bad := strings.Replace(open, `"s3:GetObject"`, `"s3:GetObjekt"`, 1)
		return status(t, newPerson(t).Create(t.Context(), bucketPolicy("status", allows("status", bad))))
	}
	want := []metav1.StatusCause{
		{Type: "BW702", Field: "spec.forProvider.policy"}, {Type: "BW107", Field: "spec.forProvider.policy"},
	}
	tests := []struct {
		denial webhook.Denial
		code   int32
		reason metav1.StatusReason
	}{
		{webhook.Forbidden, 403, metav1.StatusReasonForbidden},
		{webhook.Invalid, 422, metav1.StatusReasonInvalid},
	}
	for _, tt := range tests {
		t.Run(string(tt.denial), func(t *testing.T) {
			start(t, settings{policy.Baseline, tt.denial})
			got := refuse(t)
			if got.Code != tt.code || got.Reason != tt.reason {
				t.Errorf("%d %s; want %d %s", got.Code, got.Reason, tt.code, tt.reason)
			}
			if got.Details == nil {
				t.Fatal("no details")
			}
			for i, c := range got.Details.Causes {
				if !strings.HasPrefix(c.Message, string(c.Type)+" ") || strings.Contains(c.Message, "\n") {
					t.Errorf("cause %q", c.Message)
				}
				got.Details.Causes[i].Message = ""
			}
			if diff := cmp.Diff(want, got.Details.Causes); diff != "" {
				t.Errorf("causes -want +got:\n%s", diff)
			}
		})
	}
}

// Privileged refuses and patches nothing.
func TestPrivileged(t *testing.T) {
	start(t, settings{policy.Privileged, webhook.Forbidden})
	p := newPerson(t)
	obj := ackBucket("privileged", allows("privileged", open, setsACL))
	p.create(obj)
	if got, want := text(obj, policyField), allows("privileged", open, setsACL); got != want {
		t.Errorf("stored %s\nwant   %s", got, want)
	}
	if warnings := p.warnings(); len(warnings) > 0 {
		t.Errorf("warned: %q", warnings)
	}
}

// The API server drops a warning with a newline in it, and cuts long ones.
func TestWarnings(t *testing.T) {
	baseline(t)
	var statements []string
	for i := range 40 {
		sid := fmt.Sprintf(`"Sid": "%s %d"`, strings.Repeat("long name ", 20), i)
		statements = append(statements, strings.Replace(setsACL, `"Sid": "Write"`, sid, 1))
	}
	p := newPerson(t)
	obj := bucketPolicy("warnings", allows("warnings", statements...))
	p.create(obj)
	warnings := p.warnings()
	if len(warnings) < 2 {
		t.Fatalf("warnings %q", warnings)
	}
	for _, w := range warnings {
		if n := utf8.RuneCountInString(w); n > 256 || strings.ContainsAny(w, "\n\r") {
			t.Errorf("%d characters: %q", n, w)
		}
	}
	if last := warnings[len(warnings)-1]; !strings.HasPrefix(last, "bucketwarden: and ") {
		t.Errorf("the rest is not counted: %q", last)
	}
}

// The audit log says what was decided, and by which rules.
func TestAuditLog(t *testing.T) {
	baseline(t)
	p := newPerson(t)
	obj := ackBucket("audited", allows("audited", setsACL))
	p.create(obj)
	expect(t, p.Create(t.Context(), ackBucket("audited-bad", allows("audited-bad", open))), "BW702")
	want := map[string]map[string]string{
		"audited": {
			"patch.bucketwarden.dev/verdict": "Patch", "patch.bucketwarden.dev/patch": "BW301",
			"patch.bucketwarden.dev/proof":       "effect-equivalent",
			"patch.bucketwarden.dev/certificate": "spec.policy effect-equivalent Statement[0]",
			"review.bucketwarden.dev/verdict":    "Warn", "review.bucketwarden.dev/warn": "BW204",
			"review.bucketwarden.dev/audit": "BW601",
		},
		"audited-bad": {
			"review.bucketwarden.dev/verdict": "Deny", "review.bucketwarden.dev/deny": "BW702",
			"review.bucketwarden.dev/warn": "BW204", "review.bucketwarden.dev/audit": "BW601",
		},
	}
	for name, annotations := range want {
		var got map[string]string
		eventually(t, "the audit log has "+name, func() bool { got = audited(t, name); return got != nil })
		if certificate, ok := got["patch.bucketwarden.dev/certificate"]; ok {
			got["patch.bucketwarden.dev/certificate"], _, _ = strings.Cut(certificate, ":")
		}
		if diff := cmp.Diff(annotations, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
	}
}

// audited returns our annotations of the request that creates an object, nil when it is not in the log yet.
func audited(t *testing.T, name string) map[string]string {
	t.Helper()
	log, err := os.ReadFile(suite.AuditLog)
	if err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(bytes.NewReader(log)); lines.Scan(); {
		var event struct {
			Verb        string
			ObjectRef   struct{ Name string }
			Annotations map[string]string
		}
		if json.Unmarshal(lines.Bytes(), &event) != nil || event.Verb != "create" || event.ObjectRef.Name != name {
			continue
		}
		out := map[string]string{}
		for key, value := range event.Annotations {
			if strings.Contains(key, "bucketwarden.dev/") {
				out[key] = value
			}
		}
		return out
	}
	return nil
}
