package review

import (
	"iter"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

type m = map[string]any

// declares is an inventory that knows what a test says.
type declares policy.Bucket

func (d declares) Bucket(map[string]any, source.Reading) policy.Bucket { return policy.Bucket(d) }

func (d declares) LogBucket(map[string]any, source.Reading) (policy.Bucket, bool) {
	return policy.Bucket{}, false
}
func (d declares) BucketWith(map[string]any, source.Reading, map[string]any) policy.Bucket {
	return policy.Bucket(d)
}

func (declares) Policies(map[string]any, source.Reading) iter.Seq[map[string]any] {
	return func(func(map[string]any) bool) {}
}

func (declares) Namespace(string) (map[string]string, bool) { return nil, false }

var enforced = declares{Ownership: policy.Fact[policy.Ownership]{
	Value: policy.BucketOwnerEnforced, Origin: policy.Declared, From: "spec.ownershipControls",
}}

// finds returns a rule that makes one finding in every document.
func finds(f policy.Finding) *policy.Rule {
	f.Message = "is wrong"
	return &policy.Rule{
		ID: "BW999", Name: "wrong", Baseline: policy.Patch, Unfixed: policy.Warn,
		Check: func(in policy.Input) []policy.Finding {
			if (in.Kind == policy.Settings) == (f.Field == "") {
				return nil
			}
			return []policy.Finding{f}
		},
	}
}

func fixOf(edits ...iam.Edit) *policy.Fix { return &policy.Fix{Class: policy.Equivalent, Edits: edits} }

const writes = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "111122223333"},
  "Action": ["s3:PutObject", "s3:PutObjectAcl"], "Resource": "arn:aws:s3:::logs/*"}]}`

// A fix that is not proved, or that has no place in the object, is not made: the finding falls back, and says why.
func TestNotPatched(t *testing.T) {
	structured := m{"version": "2012-10-17", "statements": []any{m{
		"effect": "Allow", "principal": m{"awsPrincipals": []any{m{"awsAccountId": "111122223333"}}},
		"action": []any{"s3:PutObject", "s3:PutObjectAcl"}, "resource": []any{"arn:aws:s3:::logs/*"},
	}}}
	const at = iam.Path("Statement[0].Action[1]")
	tests := []struct {
		name   string
		fix    *policy.Fix
		field  string // of a setting, "" for a document
		policy any
		want   string // what the message ends with
	}{
		{"loses access", fixOf(iam.Edit{At: "Statement[0].Action[0]"}), "", writes,
			"not patched: lost, although S3 may serve it: arn:aws:sts::111122223333:assumed-role/bucketwarden-example/session " +
				"s3:PutObject on arn:aws:s3:::logs/x"},
		{"grants access", fixOf(iam.Edit{At: "Statement[0].Action[0]", New: iam.NewString("s3:GetObject")}), "", writes,
			"not patched: newly allowed: arn:aws:sts::111122223333:assumed-role/bucketwarden-example/session " +
				"s3:GetObject on arn:aws:s3:::logs/x"},
		{"is undecided", fixOf(iam.Edit{At: "Statement[0].Resource", New: iam.NewString("arn:*:b/x")}), "", writes,
			"not patched: it is undecided whether anything is newly allowed; Statement[0]: AWS's pages leave it " +
				"open, or it depends on the value of a policy variable"},
		{"leads nowhere", fixOf(iam.Edit{At: "Statement[7]"}), "", writes, "not patched: Statement[7]: there is nothing to remove"},
		{"changes nothing", fixOf(), "", writes, "not patched: the fix changes nothing"},
		{"replaces a field of the provider", fixOf(iam.Edit{At: at, New: iam.NewString("s3:PutObject")}), "", structured,
			"not patched: Statement[0].Action[1] is not a field that can be set"},
		{"unsets what is no canned ACL", &policy.Fix{Class: policy.Equivalent, Unset: []string{"spec.grantRead"}}, "spec.grantRead", writes,
			"not patched: this field cannot be changed by itself"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			obj := m{"apiVersion": "s3.services.k8s.aws/v1alpha1", "kind": "Bucket", "spec": m{"policy": tt.policy, "acl": "private"}}
			if _, ok := tt.policy.(m); ok {
				obj = m{"apiVersion": "s3.aws.crossplane.io/v1beta1", "kind": "Bucket", "spec": m{"forProvider": m{"policy": tt.policy}}}
			}
			r := Reviewer{Rules: []*policy.Rule{finds(policy.Finding{At: at, Field: tt.field, Fix: tt.fix})}, Level: policy.Baseline}
			v, ok, err := r.Object(t.Context(), obj, enforced)
			if !ok || err != nil || len(v.Findings) != 1 {
				t.Fatalf("%v, %v, %v", v.Findings, ok, err)
			}
			if f := v.Findings[0]; f.Action != policy.Warn || f.Message != "is wrong; "+tt.want || v.Verdict() != Warn {
				t.Errorf("%s: %q\nwant Warn: %q", f.Action, f.Message, "is wrong; "+tt.want)
			}
			reason := strings.TrimPrefix(tt.want, "not patched: ")
			for _, unproved := range []string{"lost, ", "newly allowed: ", "it is undecided"} {
				if strings.HasPrefix(reason, unproved) {
					reason = "the proof failed: " + reason
				}
			}
			if got := v.Findings[0].Unfixed; got != reason {
				t.Errorf("unfixed for %q, want %q", got, reason)
			}
			if len(v.Patch) > 0 || len(v.Fixed) > 0 {
				t.Errorf("patched all the same: %v", v.Patch)
			}
		})
	}
}

func TestText(t *testing.T) {
	rule := &policy.Rule{ID: "BW999", Name: "wrong"}
	tests := []struct {
		finding Finding
		most    int
		want    string
	}{
		{Finding{Finding: policy.Finding{Rule: rule, Message: "m", Line: 2, Column: 3}, Field: "spec.policy"}, 250,
			"patched: BW999 wrong: m (spec.policy line 2, column 3)"},
		{Finding{Finding: policy.Finding{Rule: rule, Message: "m", Line: 2, Column: 3}}, 250, "patched: BW999 wrong: m (line 2, column 3)"},
		{Finding{Finding: policy.Finding{Rule: rule, Message: "m"}, Field: "spec.acl"}, 250, "patched: BW999 wrong: m (spec.acl)"},
		{Finding{Finding: policy.Finding{Rule: rule, Message: strings.Repeat("ä", 99)}, Field: "spec.acl"}, 40,
			"patched: BW999 wrong: ääää... (spec.acl)"},
		{Finding{Finding: policy.Finding{Rule: rule, Message: strings.Repeat("ä", 99)}, Field: "spec.acl"}, 20,
			"patched: BW999 wrong: ... (spec.acl)"},
		{Finding{Finding: policy.Finding{Rule: rule, Message: "a\nb\u2028c\x7f\td"}, Field: "f"}, 250,
			`patched: BW999 wrong: a\nb\u2028c\x7f\td (f)`},
	}
	for _, tt := range tests {
		if got := tt.finding.text("patched: ", tt.most); got != tt.want {
			t.Errorf("%q\nwant %q", got, tt.want)
		}
	}
}

func TestWarnings(t *testing.T) {
	var v Review
	for range 12 {
		v.Findings = append(v.Findings, Finding{
			Finding: policy.Finding{Rule: &policy.Rule{ID: "BW999", Name: "wrong"}, Message: strings.Repeat("long ", 99)},
			Action:  policy.Warn, Field: "spec.acl",
		})
	}
	got := v.Warnings(policy.Warn)
	if len(got) != 11 || got[10] != "bucketwarden: and 2 more; run bucketwarden review" {
		t.Errorf("%d warnings, %q", len(got), got[len(got)-1])
	}
	for _, w := range got {
		if n := utf8.RuneCountInString(w); n > warningLength {
			t.Errorf("%d characters: %q", n, w)
		}
	}
	if got := v.Warnings(policy.Deny); len(got) > 0 {
		t.Errorf("warnings of another action: %q", got)
	}
}

func TestDenial(t *testing.T) {
	rule := &policy.Rule{ID: "BW999", Name: "wrong"}
	finding := Finding{Finding: policy.Finding{Rule: rule, Message: "m"}, Action: policy.Deny, Field: "spec.acl"}
	xr := &source.Controller{Name: "x-1"}
	xr.Kind = "XBucket"
	tests := []struct {
		owner    source.Owner
		findings int
		name     string
		want     string
	}{
		{source.Owner{}, 0, "b", ""},
		{source.Owner{}, 1, "b", "BW999 wrong: m (spec.acl)"},
		{source.Owner{Composite: "x-1"}, 1, "ns/b", "BW999 in spec.acl of Bucket ns/b, composed by x-1\nBW999 wrong: m (spec.acl)"},
		{source.Owner{Composite: "x-1", Controller: xr, Resource: "main", Claim: "c", ClaimNamespace: "ns"}, 1, "",
			"BW999 in spec.acl of Bucket, composed by XBucket x-1 as main for claim ns/c\nBW999 wrong: m (spec.acl)"},
		{source.Owner{}, 7, "b", strings.Repeat("BW999 wrong: m (spec.acl)\n", 5) + "and 2 more; run bucketwarden review"},
	}
	for _, tt := range tests {
		v := Review{Reading: source.Reading{Owner: tt.owner}, Findings: []Finding{{Action: policy.Warn}}}
		for range tt.findings {
			v.Findings = append(v.Findings, finding)
		}
		if diff := cmp.Diff(tt.want, v.Denial("Bucket", tt.name)); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
}

func TestComparePointers(t *testing.T) {
	ordered := []string{"/a/2", "/a/2/b", "/a/10", "/a/10/action/9", "/a/10/action/11", "/b"}
	for i, a := range ordered {
		for j, b := range ordered {
			if got := comparePointers(a, b); (got < 0) != (i < j) || (got == 0) != (i == j) {
				t.Errorf("%s against %s: %d", a, b, got)
			}
		}
	}
}

// A statement is the same however its keys and its white space stand, and only then.
func TestCanonical(t *testing.T) {
	const text = `{"Statement": [{"Effect": "Allow", "Action": ["a:b", "c:d"]}, {"Action": [ "a:b","c:d" ], "Effect": "Allow"},
		{"Action": ["c:d", "a:b"], "Effect": "Allow"}, {"Action": ["a:b"], "Effect": "Allow"}]}`
	doc, err := iam.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range doc.Statements {
		got = append(got, canonical(s.Value))
	}
	if got[0] != got[1] || got[1] == got[2] || got[2] == got[3] {
		t.Errorf("%q", got)
	}
}
