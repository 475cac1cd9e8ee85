package policy_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/rules"
)

// finds is a rule that always finds the same.
func finds(id string, found ...policy.Finding) *policy.Rule {
	return &policy.Rule{
		ID: id, Name: strings.ToLower(id), Summary: "s", Why: "w", Sources: []string{"u"}, Severity: policy.Low,
		Baseline: policy.Warn, Restricted: policy.Deny, Check: func(policy.Input) []policy.Finding { return found },
	}
}

func TestRun(t *testing.T) {
	const text = "{\"Statement\": [\n  {\"Effect\": \"Allow\"},\n  {\"Effect\": \"Deny\"}\n]}"
	later := finds("BW102", policy.Finding{At: "Statement[1]", Certainty: policy.Undecided}, policy.Finding{At: "Statement[0]"})
	first := finds("BW101", policy.Finding{At: "Statement[1]"}, policy.Finding{Field: "spec.acl", Line: 7, Column: 7})
	got := policy.Run([]*policy.Rule{later, first}, policy.NewInput(policy.BucketPolicy, text, policy.Bucket{}))
	want := policy.Report{Findings: []policy.Finding{
		{Rule: first, Field: "spec.acl", Certainty: policy.Proved},
		{Rule: later, At: "Statement[0]", Line: 2, Column: 3, Certainty: policy.Proved},
		{Rule: first, At: "Statement[1]", Line: 3, Column: 3, Certainty: policy.Proved},
		{Rule: later, At: "Statement[1]", Line: 3, Column: 3, Certainty: policy.Undecided},
	}}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b *policy.Rule) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
}

// TestRunUnreadable shows that a finding about a text that cannot be read stands where the parser stopped.
func TestRunUnreadable(t *testing.T) {
	for _, tt := range []struct {
		text         string
		line, column int
	}{
		{"{\n  \"Statement\": 1}", 2, 16},
		{strings.Repeat(" ", iam.MaxSize+1), 0, 0},
	} {
		in := policy.NewInput(policy.BucketPolicy, tt.text, policy.Bucket{})
		f := policy.Run([]*policy.Rule{finds("BW101", policy.Finding{})}, in).Findings[0]
		if f.Line != tt.line || f.Column != tt.column || in.Statements() != nil {
			t.Errorf("%.20q: line %d, column %d, want %d, %d", tt.text, f.Line, f.Column, tt.line, tt.column)
		}
	}
}

// TestRunTooLarge holds a document that S3 refuses for its size to be asked about that alone, to the byte and however it is
// written.
func TestRunTooLarge(t *testing.T) {
	document := func(sid string) string { return `{"Statement":[{"Sid":"` + sid + `"}]}` }
	most := strings.Repeat("s", iam.MostKept-len(document("")))
	size, other := finds("BW106", policy.Finding{}), finds("BW201", policy.Finding{})
	size.AnySize = true
	for _, tt := range []struct {
		name, text string
		kind       policy.Kind
		want       int
	}{
		{"all that S3 takes", document(most), policy.BucketPolicy, 2},
		{"one more", document(most + "s"), policy.BucketPolicy, 1},
		{"one more, of an access point", document(most + "s"), policy.AccessPointPolicy, 1},
		{"white space", strings.Repeat(" ", 1000) + document(most), policy.BucketPolicy, 2},
		{"escapes", document(`\u0073` + most[1:]), policy.BucketPolicy, 2},
		{"of a role, for which S3's limit is none", document(most + "s"), policy.IdentityPolicy, 0},
	} {
		in := policy.NewInput(tt.kind, tt.text, policy.Bucket{})
		if got := policy.Run([]*policy.Rule{size, other}, in).Findings; len(got) != tt.want || in.Document == nil {
			t.Errorf("%s: %d findings, want %d (%v)", tt.name, len(got), tt.want, in.Unreadable)
		}
	}
}

func TestInputStatements(t *testing.T) {
	in := policy.NewInput(policy.BucketPolicy, `{"Statement": {"Sid": "a"}}`, policy.Bucket{})
	if got := in.Statements(); len(got) != 1 || got[0].Sid != "a" {
		t.Errorf("%v", got)
	}
}

func TestLevelAction(t *testing.T) {
	rule := &policy.Rule{Baseline: policy.Patch, Restricted: policy.Deny, Unfixed: policy.Deny}
	for _, tt := range []struct {
		level   policy.Level
		finding policy.Finding
		want    policy.Action
	}{
		{policy.Privileged, policy.Finding{}, policy.Audit},
		{policy.Privileged, policy.Finding{Ceiling: policy.Warn}, policy.Audit},
		{policy.Baseline, policy.Finding{Fix: &policy.Fix{}}, policy.Patch},
		{policy.Baseline, policy.Finding{}, policy.Deny},
		{policy.Baseline, policy.Finding{Ceiling: policy.Warn}, policy.Warn},
		{policy.Baseline, policy.Finding{Ceiling: policy.Warn, Fix: &policy.Fix{}}, policy.Warn},
		{policy.Restricted, policy.Finding{Fix: &policy.Fix{}}, policy.Deny},
		{policy.Restricted, policy.Finding{Ceiling: policy.Patch}, policy.Patch},
		{policy.Baseline, policy.Finding{Fix: &policy.Fix{Class: policy.Narrowing}}, policy.Deny}, // nobody asked to take access away
	} {
		tt.finding.Rule = rule
		if got := tt.level.Action(tt.finding); got != tt.want {
			t.Errorf("%s, fix %v, ceiling %s: %s, want %s", tt.level, tt.finding.Fix != nil, tt.finding.Ceiling, got, tt.want)
		}
	}
}

func TestParseLevel(t *testing.T) {
	for _, l := range []policy.Level{policy.Privileged, policy.Baseline, policy.Restricted} {
		if got, err := policy.ParseLevel(string(l)); got != l || err != nil {
			t.Errorf("%s: %q, %v", l, got, err)
		}
	}
	_, err := policy.ParseLevel("Baseline")
	if err == nil || err.Error() != `level "Baseline" must be privileged, baseline or restricted` {
		t.Error(err)
	}
}

func TestNames(t *testing.T) {
	var actions, severities []string
	for a := policy.Off; a <= policy.Deny; a++ {
		actions = append(actions, a.String())
	}
	for s := policy.Info; s <= policy.SeverityError; s++ {
		severities = append(severities, s.String())
	}
	if got := strings.Join(actions, " "); got != "Off Audit Warn Patch Deny" {
		t.Error(got)
	}
	if got := strings.Join(severities, " "); got != "info low medium high critical error" {
		t.Error(got)
	}
}

func TestValidate(t *testing.T) {
	if err := policy.Validate(rules.All); err != nil {
		t.Errorf("the catalogue: %v", err)
	}
	for _, tt := range []struct {
		change func(*policy.Rule)
		err    string
	}{
		{func(r *policy.Rule) { r.ID = "BW1" }, "rule BW1: the id is not BW and three digits"},
		{func(r *policy.Rule) { r.ID = "BW001" }, "rule BW001: the id is not BW and three digits"},
		{func(r *policy.Rule) { r.ID = "BW101" }, "rule BW101: the id is taken"},
		{func(r *policy.Rule) { r.Name = "Bad_Name" }, `rule BW102: name "Bad_Name" is not lower-case words joined by dashes`},
		{func(r *policy.Rule) { r.Name = "bw101" }, `rule BW102: name "bw101" is taken`},
		{func(r *policy.Rule) { r.Summary = "" }, "rule BW102: summary, why or sources are missing"},
		{func(r *policy.Rule) { r.Why = "" }, "rule BW102: summary, why or sources are missing"},
		{func(r *policy.Rule) { r.Sources = nil }, "rule BW102: summary, why or sources are missing"},
		{func(r *policy.Rule) { r.Controls.SecurityHub = []string{"S3"} }, `rule BW102: "S3" is no control`},
		{func(r *policy.Rule) { r.Controls.CIS = []string{"2"} }, `rule BW102: "2" is no control`},
		{func(r *policy.Rule) { r.Controls.Config = []string{"S3_X"} }, `rule BW102: "S3_X" is no control`},
		{func(r *policy.Rule) { r.Controls.AccessAnalyzer = []string{"missing"} }, `rule BW102: "missing" is no control`},
		{func(r *policy.Rule) { r.Severity = 0 }, "rule BW102: unknown severity 0"},
		{func(r *policy.Rule) { r.Severity = policy.SeverityError + 1 }, "rule BW102: unknown severity 7"},
		{func(r *policy.Rule) { r.Baseline = policy.Deny + 1 }, "rule BW102: unknown action"},
		{func(r *policy.Rule) { r.Restricted = policy.Deny + 1 }, "rule BW102: unknown action"},
		{func(r *policy.Rule) { r.Unfixed = policy.Deny + 1 }, "rule BW102: unknown action"},
		{func(r *policy.Rule) { r.Baseline = policy.Patch }, "rule BW102: a rule that patches needs an action for what it cannot fix"},
		{func(r *policy.Rule) { r.Restricted, r.Unfixed = policy.Patch, policy.Patch },
			"rule BW102: a rule that patches needs an action for what it cannot fix"},
		{func(r *policy.Rule) { r.Restricted, r.Unfixed = policy.Patch, policy.Warn }, ""},
		{func(r *policy.Rule) { r.Check = nil }, "rule BW102: no check"},
		{func(r *policy.Rule) { r.Yields.Document = []*policy.Rule{finds("BW103")} }, ""},
		{func(r *policy.Rule) { r.Yields.Document = []*policy.Rule{r} }, "rule BW102: it yields to itself"},
		{func(r *policy.Rule) {
			between := finds("BW103")
			between.Yields.Document, r.Yields.Statement = []*policy.Rule{r}, []*policy.Rule{between}
		}, "rule BW102: it yields to itself"},
	} {
		second := finds("BW102")
		tt.change(second)
		got := ""
		if err := policy.Validate([]*policy.Rule{finds("BW101"), second}); err != nil {
			got = err.Error()
		}
		if got != tt.err {
			t.Errorf("%q, want %q", got, tt.err)
		}
	}
}

func TestFact(t *testing.T) {
	for origin, want := range map[policy.Origin][2]bool{
		policy.Unknown: {false, false}, policy.Contradicted: {false, false}, policy.AWSDefault: {true, false}, policy.Claimed: {true, false},
		policy.Configured: {true, false}, policy.Sibling: {true, true}, policy.Declared: {true, true}, policy.Observed: {true, true},
	} {
		f := policy.Fact[string]{Origin: origin}
		if got := [2]bool{f.Known(), f.Explicit()}; got != want {
			t.Errorf("origin %d: known and explicit %v, want %v", origin, got, want)
		}
	}
}

func TestReach(t *testing.T) {
	const bucket, object, both = catalog.Bucket, catalog.Object, catalog.Bucket | catalog.Object
	for _, tt := range []struct {
		in   string
		want catalog.Resources
	}{
		{"arn:aws:s3:::logs", bucket},
		{"arn:aws:s3:::logs/*", object},
		{"arn:aws:s3:::logs/key", object},
		{"arn:aws-cn:s3:::logs/key", object},
		{"arn:aws:s3:::logs*", both},
		{"arn:aws:s3:::*", both},
		{"arn:aws:s3:::l?gs", both}, // bucket l, object gs
		{"arn:aws:s3:::*/*", object},
		{"arn:aws:s3:::${aws:username}", both},
		{"arn:aws:s3:::${aws:PrincipalTag/b}", both}, // the slash is the key's
		{"arn:aws:s3:::logs/${aws:username}", object},
		{"arn:aws:s3:::${aws:username}/*", both}, // more than it can be, which is safe
		{"*", both},
		{"arn:*:s3:::logs", both},
		{"arn:aws:s3*", both},
		{"arn:aws:s3:eu-west-1:111122223333:accesspoint/ap", both},
		{"arn:aws:s3express:us-west-2:111122223333:bucket/b--usw2-az1--x-s3", both},
		{"", both},
	} {
		if got := policy.Reach([]*iam.Value{iam.NewString(tt.in)}); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.in, got, tt.want)
		}
	}
	if got := policy.Reach([]*iam.Value{iam.NewString("arn:aws:s3:::b"), iam.NewString("arn:aws:s3:::b/*")}); got != both {
		t.Errorf("both: %s", got)
	}
}

func TestApplies(t *testing.T) {
	for _, tt := range []struct {
		action string
		reach  catalog.Resources
		want   bool
	}{
		{"s3:ListBucket", catalog.Bucket, true},
		{"s3:ListBucket", catalog.Object, false},
		{"s3:GetObject", catalog.Bucket, false},
		{"s3:GetObject", catalog.Bucket | catalog.Object, true},
		{"s3:ListAllMyBuckets", catalog.Object, true},
		{"s3express:CreateSession", catalog.Object, true},
	} {
		a, ok := catalog.LookupAction(tt.action)
		if got := policy.Applies(a, tt.reach); !ok || got != tt.want {
			t.Errorf("%s on %s: %t, want %t", tt.action, tt.reach, got, tt.want)
		}
	}
}

// TestRunIsPure runs the catalogue twice over one Input.
func TestRunIsPure(t *testing.T) {
	in := policy.NewInput(policy.BucketPolicy, `{"Statement": {"Action": "s3:GetObjct", "Sid": ""}}`, policy.Bucket{})
	first, second := policy.Run(rules.All, in), policy.Run(rules.All, in)
	if diff := cmp.Diff(first, second, cmpopts.IgnoreFields(policy.Finding{}, "Rule", "Fix")); diff != "" || len(first.Findings) < 3 {
		t.Errorf("%d findings: %s", len(first.Findings), diff)
	}
}
