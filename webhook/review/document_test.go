package review

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/webhook/inventory"
)

// rule returns a rule that finds s3:DeleteObject and takes it away, by a fix of the class.
func rule(class policy.Class, baseline policy.Action) *policy.Rule {
	return &policy.Rule{ID: "BW999", Name: "delete", Baseline: baseline, Unfixed: policy.Warn, Check: func(in policy.Input) []policy.Finding {
		var out []policy.Finding
		for _, s := range in.Statements() {
			for _, a := range s.Action {
				if a.Text == "s3:DeleteObject" {
					edit := iam.Edit{At: a.Path()}
					out = append(out, policy.Finding{At: a.Path(), Message: "deletes", Fix: &policy.Fix{Class: class, Edits: []iam.Edit{edit}}})
				}
			}
		}
		return out
	}}
}

const deletes = `{"Version": "2012-10-17", "Statement": [{"Sid": "Clean", "Effect": "Allow",
  "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": ["s3:GetObject", "s3:DeleteObject"],
  "Resource": "arn:aws:s3:::logs/*"}]}`

func TestDocument(t *testing.T) {
	fixed := strings.Replace(deletes, `, "s3:DeleteObject"`, "", 1)
	tests := []struct {
		name     string
		reviewer Reviewer
		verdict  Verdict
		fixed    string
	}{
		{"narrowing is not made", Reviewer{Rules: []*policy.Rule{rule(policy.Narrowing, policy.Deny)}}, Deny, ""},
		{"narrowing on request", Reviewer{Rules: []*policy.Rule{rule(policy.Narrowing, policy.Warn)}, Narrowing: true}, Patch, fixed},
		{"narrowing of what nobody minds", Reviewer{Rules: []*policy.Rule{rule(policy.Narrowing, policy.Audit)}, Narrowing: true}, Admit, ""},
		{"equivalent without proof", Reviewer{Rules: []*policy.Rule{rule(policy.Equivalent, policy.Patch)}, Narrowing: true}, Warn, ""},
	}
	for _, tt := range tests {
		tt.reviewer.Level = policy.Baseline
		v := tt.reviewer.Document(t.Context(), deletes, policy.Bucket{}, &inventory.Index{})
		got := ""
		if len(v.Fixed) > 0 {
			got = v.Fixed[0].New
		}
		if v.Verdict() != tt.verdict || len(v.Patch) > 0 {
			t.Errorf("%s: verdict %s, patch %v; want %s", tt.name, v.Verdict(), v.Patch, tt.verdict)
		}
		if diff := cmp.Diff(tt.fixed, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", tt.name, diff)
		}
	}
}

func TestSid(t *testing.T) {
	v := Reviewer{Rules: []*policy.Rule{rule(policy.Narrowing, policy.Deny)}, Level: policy.Baseline}.Document(t.Context(), deletes, policy.Bucket{}, &inventory.Index{})
	f := v.Findings[0]
	if got, want := f.Text(), "BW999 delete: deletes (line 2, column 86)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := v.Sid(f); got != "Clean" {
		t.Errorf("Sid %q", got)
	}
	f.At = "Version"
	if got := v.Sid(f); got != "" {
		t.Errorf("of the document: Sid %q", got)
	}
	f.document = -1
	if got := v.Sid(f); got != "" {
		t.Errorf("of a setting: Sid %q", got)
	}
}
