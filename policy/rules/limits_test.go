package rules_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/rules"
)

// find returns what one rule says about a document, at most one finding.
func find(t *testing.T, id, text string) policy.Finding {
	t.Helper()
	var found []policy.Finding
	for _, f := range policy.Run(rules.All, policy.NewInput(policy.BucketPolicy, text, policy.Bucket{})).Findings {
		if f.Rule.ID == id {
			found = append(found, f)
		}
	}
	if len(found) > 1 {
		t.Fatalf("%s: %d findings", id, len(found))
	}
	if len(found) == 0 {
		return policy.Finding{}
	}
	return found[0]
}

// TestTooLarge holds BW106 to the byte.
func TestTooLarge(t *testing.T) {
	document := func(compact, space int) string {
		const rest = `{"Statement":[],"Id":""}`
		return `{"Statement":[],"Id":"` + strings.Repeat("x", compact-len(rest)) + `"}` + strings.Repeat(" ", space)
	}
	for _, tt := range []struct {
		compact, space int
		want           policy.Action // at level baseline; Off when the rule is silent
	}{
		{18432, 0, policy.Off},
		{18433, 0, policy.Warn},
		{18000, 433, policy.Warn},
		{20480, 0, policy.Warn},
		{20480, 1, policy.Patch},
		{100, 20381, policy.Patch},
		{20481, 0, policy.Deny},
		{20481, 1, policy.Deny},
	} {
		f, got := find(t, "BW106", document(tt.compact, tt.space)), policy.Off
		if f.Rule != nil {
			got = policy.Baseline.Action(f)
		}
		if got != tt.want {
			t.Errorf("%d bytes and %d of white space: %s, want %s", tt.compact, tt.space, got, tt.want)
		}
	}
}

// TestClipped shows the longest texts that messages quote in full, and what becomes of longer ones.
func TestClipped(t *testing.T) {
	action := func(n int) string {
		return find(t, "BW107", `{"Statement": {"Action": "s3:`+strings.Repeat("x", n-3)+`"}}`).Message
	}
	if got := action(60); strings.Contains(got, "...") {
		t.Error(got)
	}
	if got := action(61); !strings.Contains(got, `"s3:`+strings.Repeat("x", 57)+`..." is not an S3 action`) {
		t.Error(got)
	}
}

// TestUnreadable covers what no case can hold: a text too large to read, and a reason too long to show.
func TestUnreadable(t *testing.T) {
	if got := find(t, "BW101", strings.Repeat(" ", iam.MaxSize+1)).Message; got != iam.ErrTooLarge.Error() {
		t.Error(got)
	}
	for _, tt := range []struct{ reason, want string }{
		{strings.Repeat("é", 300), strings.Repeat("é", 300)},
		{strings.Repeat("é", 301), strings.Repeat("é", 300) + "..."},
		{"a\nb\x00", "a\ufffdb\ufffd"},
	} {
		in := policy.Input{Kind: policy.BucketPolicy, Unreadable: &iam.SyntaxError{Reason: tt.reason, Line: 1, Column: 2}}
		if got := policy.Run(rules.All, in).Findings[0].Message; got != tt.want {
			t.Errorf("%q", got)
		}
	}
}

// TestSuggestions shows how far a name may be from the one that is suggested for it.
func TestSuggestions(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"s3:PutObjectt", "did you mean s3:PutObject?"},
		{"s3:PutObjectxyz", "did you mean s3:PutObject?"},
		{"s3:PutObjectxyzzy", "is not an S3 action"},
		{"s3:utObje", "did you mean s3:PutObject?"},
		{"s3:utObj", "is not an S3 action"},
	} {
		if got := find(t, "BW107", `{"Statement": {"Action": "`+tt.in+`"}}`).Message; !strings.HasSuffix(got, tt.want) {
			t.Errorf("%s: %s", tt.in, got)
		}
	}
}

// TestTooManyActions covers an answer about the whole document, which names no statement: it is refused as undecided.
func TestTooManyActions(t *testing.T) {
	var names []string
	for i := range 100 {
		names = append(names, fmt.Sprintf(`"s3:GetThing%d"`, i))
	}
	f := find(t, "BW201", `{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Principal": "*", "Action": ["s3:GetObject", `+strings.Join(names, ",")+`], "Resource": "arn:aws:s3:::b/*"}]}`)
	if f.Certainty != policy.Undecided || !strings.Contains(f.Message, "too many actions") {
		t.Errorf("%s: %s", f.Certainty, f.Message)
	}
}
