package policytest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// fake is a rule that finds what it is told, in every document that holds "s3:PutObjectAcl".
func fake(found policy.Finding) *policy.Rule {
	return &policy.Rule{
		ID: "BW999", Name: "fake", Summary: "s", Why: "w", Sources: []string{"u"}, Severity: policy.Low,
		Check: func(in policy.Input) []policy.Finding {
			if in.Kind == policy.Settings || strings.Contains(in.Text, "s3:PutObjectAcl") {
				return []policy.Finding{found}
			}
			return nil
		},
	}
}

const (
	document = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*",
  "Action": ["s3:PutObject", "s3:PutObjectAcl"], "Resource": "arn:aws:s3:::logs/*"}]}
`
	clean    = `{"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::logs"}]}` + "\n"
	enforced = "-- bucket.yaml --\nownership: {value: BucketOwnerEnforced, origin: declared}\n"
)

func remove(class policy.Class, paths ...iam.Path) *policy.Fix {
	f := &policy.Fix{Class: class, Description: "remove it"}
	for _, p := range paths {
		f.Edits = append(f.Edits, iam.Edit{At: p})
	}
	return f
}

// TestCheck holds the driver itself against cases that it has to refuse. The error is "" for a good case.
func TestCheck(t *testing.T) {
	const acl = "Statement[0].Action[1]"
	for _, tt := range []struct {
		name, file string
		found      policy.Finding
		err        string
	}{
		{"bad-good.txtar", "Why.\n-- policy.json --\n" + document, policy.Finding{Message: "m"}, ""},
		{"ok-good.txtar", "Why.\n-- policy.json --\n" + clean, policy.Finding{Message: "m"}, ""},
		{"bad-silent.txtar", "Why.\n-- policy.json --\n" + clean, policy.Finding{Message: "m"},
			"the rule says nothing about a bad- case"},
		{"ok-loud.txtar", "Why.\n-- policy.json --\n" + document, policy.Finding{Message: "m"},
			"the rule speaks about an ok- case"},
		{"ok-mute.txtar", "-- policy.json --\n" + clean, policy.Finding{}, "the case does not say why"},
		{"ok-section.txtar", "Why.\n-- policy.yaml --\n" + clean, policy.Finding{}, `section "policy.yaml" is none of`},
		{"ok-nothing.txtar", "Why.\n", policy.Finding{}, "policy.json is missing"},
		{"ok-settings.txtar", "Why.\n-- policy.json --\n" + clean + "-- bucket.yaml --\nkind: settings\n", policy.Finding{},
			"kind settings has no policy.json"},
		{"bad-settings.txtar", "Why.\n-- bucket.yaml --\nkind: settings\n", policy.Finding{Message: "m"}, ""},
		{"bad-empty.txtar", "Why.\n-- policy.json --\n" + document, policy.Finding{}, `message "": empty`},
		{"bad-stop.txtar", "Why.\n-- policy.json --\n" + document, policy.Finding{Message: "m."}, "a full stop at the end"},
		{"bad-padded.txtar", "Why.\n-- policy.json --\n" + document, policy.Finding{Message: " m"}, "padded"},
		{"bad-lines.txtar", "Why.\n-- policy.json --\n" + document, policy.Finding{Message: "m\nm"},
			"a character that does not print"},
		{"bad-long.txtar", "Why.\n-- policy.json --\n" + document, policy.Finding{Message: strings.Repeat("é", 121)},
			"longer than 120 characters"},
		{"bad-clauses.txtar", "Why.\n-- policy.json --\n" + document,
			policy.Finding{Message: strings.Repeat("é", 120) + "; and more"}, ""},
		{"bad-fix.txtar", "Why.\n-- policy.json --\n" + document + enforced,
			policy.Finding{Message: "m", Fix: remove(policy.Equivalent, acl)}, ""},
		{"bad-not-equivalent.txtar", "Why.\n-- policy.json --\n" + document,
			policy.Finding{Message: "m", Fix: remove(policy.Equivalent, acl)}, "the fix is not Equivalent"},
		{"bad-narrowing.txtar", "Why.\n-- policy.json --\n" + document,
			policy.Finding{Message: "m", Fix: remove(policy.Narrowing, acl)}, ""},
		{"bad-class.txtar", "Why.\n-- policy.json --\n" + document,
			policy.Finding{Message: "m", Fix: remove("", acl)}, `fix "remove it" has no class`},
		{"bad-widens.txtar", "Why.\n-- policy.json --\n" + document, policy.Finding{Message: "m", Fix: &policy.Fix{
			Class: policy.Narrowing, Edits: []iam.Edit{{At: "Statement[0].Resource", New: iam.NewString("*")}},
		}}, "the fix is not Narrowing: newly allowed: "},
		{"bad-again.txtar", "Why.\n-- policy.json --\n" + document,
			policy.Finding{Message: "m", Fix: remove(policy.Narrowing, "Statement[0].Action[0]")},
			"the fixed document can be fixed again"},
		{"bad-nowhere.txtar", "Why.\n-- policy.json --\n" + document,
			policy.Finding{Message: "m", Fix: remove(policy.Narrowing, "Statement[7]")}, "there is nothing to remove"},
		{"bad-all.txtar", "Why.\n-- policy.json --\n" + document,
			policy.Finding{Message: "m", Fix: remove(policy.Equivalent, "Statement[0]")}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := check(fake(tt.found), tt.name, []byte(tt.file))
			if got := message(err); tt.err == "" && got != "" || !strings.Contains(got, tt.err) {
				t.Errorf("error %q, want %q", got, tt.err)
			}
		})
	}
}

// TestSections shows everything that -update writes.
func TestSections(t *testing.T) {
	found := policy.Finding{
		At: "Statement[0].Action[1]", Message: "m", Certainty: policy.Undecided, Assumptions: []string{"a", "b"},
		Witness: &authz.Request{Principal: "p", Action: "a", Resource: "r"}, Ceiling: policy.Warn,
		Fix: remove(policy.Narrowing, "Statement[0].Action[1]"),
	}
	found.Fix.Unset = []string{"spec.acl"}
	stale := "Why.\n-- fixed.json --\nold\n-- policy.json --\n" + document + "-- findings --\nold\n"
	got, err := check(fake(found), "bad-x.txtar", []byte(stale))
	if err != nil {
		t.Fatal(err)
	}
	want := "Why.\n-- policy.json --\n" + document + `-- findings --
2:30 Statement[0].Action[1]: m
	undecided
	assumes: a
	assumes: b
	witness: {"principal":"p","action":"a","resource":"r","context":{}}
	at most: Warn
	fix: Narrowing: remove it
	unset: spec.acl
-- fixed.json --
` + strings.Replace(document, `, "s3:PutObjectAcl"`, "", 1)
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
	found.Fix = remove(policy.Equivalent, "Statement[0]")
	got, _ = check(fake(found), "bad-x.txtar", []byte(stale))
	if !strings.HasSuffix(string(got), "\nnot fixed: no statement would be left; delete the policy instead\n") {
		t.Errorf("%s", got)
	}
}

func TestFacts(t *testing.T) {
	for _, tt := range []struct{ in, err string }{
		{"", ""},
		{"kind: identity", ""},
		{"name: {value: logs, origin: declared, from: spec.name}", ""},
		{"publicAccessBlock: {value: {blockPublicAcls: true}, origin: sibling}", ""},
		{"acl: {value: {canned: private, grants: [{permission: READ, uri: u, field: f}]}, origin: configured}", ""},
		{"owner: {value: '111122223333', origin: default}", ""},
		{"kind: role", `kind "role" is none of bucket, accesspoint, identity, settings`},
		{"name: {value: logs}", `name: origin "" is none of observed, declared, sibling, configured, claimed, default`},
		{"region: {value: eu-west-1, origin: guess}", `region: origin "guess" is none of`},
		{"bucket: logs", `unknown field "bucket"`},
		{"acl: {value: {canned: private, owner: x}, origin: declared}", `unknown field "owner"`},
		{"kind: bucket\nkind: bucket", `key "kind" already set`},
	} {
		err := new(reading).facts([]byte(tt.in))
		if got := message(err); tt.err == "" && got != "" || !strings.Contains(got, tt.err) {
			t.Errorf("%s: error %q, want %q", tt.in, got, tt.err)
		}
	}
	var r reading
	err := r.facts([]byte("kind: accesspoint\nowner: {value: '111122223333', origin: default, from: f}"))
	kind, got := r.in.Kind, r.in.Bucket
	want := policy.Bucket{Owner: policy.Fact[string]{Value: "111122223333", Origin: policy.AWSDefault, From: "f"}}
	if diff := cmp.Diff(want, got); diff != "" || kind != policy.AccessPointPolicy || err != nil {
		t.Error(kind, err, diff)
	}
}

func TestInventory(t *testing.T) {
	file := &fstest.MapFile{}
	rule := []*policy.Rule{{ID: "BW999", Name: "fake"}}
	for _, tt := range []struct {
		files fstest.MapFS
		err   string
	}{
		{fstest.MapFS{"fake/bad-a.txtar": file, "fake/ok-a.txtar": file}, ""},
		{fstest.MapFS{"fake/bad-a.txtar": file}, "fake: 1 bad- and 0 ok- cases; a rule needs both"},
		{fstest.MapFS{"fake/ok-a.txtar": file}, "fake: 0 bad- and 1 ok- cases; a rule needs both"},
		{fstest.MapFS{}, "rule BW999 has no cases"},
		{fstest.MapFS{"fake/bad-a.txtar": file, "fake/ok-a.txtar": file, "lost/ok-a.txtar": file}, "lost: no rule has this name"},
		{fstest.MapFS{"fake/bad-a.txtar": file, "fake/ok-a.txtar": file, "fake/x.txtar": file}, "fake/x.txtar: not named"},
		{fstest.MapFS{"fake/bad-a.txtar": file, "fake/ok-a.txtar": file, "fake/good-x.txtar": file}, "fake/good-x.txtar: not named"},
		{fstest.MapFS{"fake/bad-a.txtar": file, "fake/ok-a.txtar": file, "fake/ok-a.txt": file}, "fake/ok-a.txt: not named"},
	} {
		if got := message(inventory(tt.files, rule)); tt.err == "" && got != "" || !strings.Contains(got, tt.err) {
			t.Errorf("error %q, want %q", got, tt.err)
		}
	}
	if inventory(os.DirFS(filepath.Join(t.TempDir(), "none")), rule) == nil {
		t.Error("a directory that is not there is no error")
	}
}

// TestUpdate shows that a stale case fails, that an update mends it, and that it then passes.
func TestUpdate(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "fake/bad-a.txtar", "Why.\n-- policy.json --\n"+document)
	rule := fake(policy.Finding{Message: "m"})
	stale := func() error { return runCase(rule, dir, "fake/bad-a.txtar", false) }
	if got := message(stale()); !strings.Contains(got, "-update rewrites it") {
		t.Errorf("stale: %q", got)
	}
	if err := runCase(rule, dir, "fake/bad-a.txtar", true); err != nil {
		t.Error(err)
	}
	if err := stale(); err != nil {
		t.Errorf("updated: %v", err)
	}
	write(t, dir, "fake/bad-a.txtar", "-- policy.json --\n")
	if message(runCase(rule, dir, "fake/bad-a.txtar", true)) == "" || runCase(rule, dir, "fake/bad-b.txtar", true) == nil {
		t.Error("a case that cannot be understood, or is not there, passes")
	}
}

// TestRunFails runs TestBroken, which does nothing else, in a process of its own, and expects it to fail.
func TestRunFails(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "fake/bad-a.txtar", "Why.\n-- policy.json --\n"+clean)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, "-test.run=^TestBroken$")
	cmd.Env = append(os.Environ(), "BROKEN_CASES="+dir)
	out, err := cmd.CombinedOutput()
	for _, want := range []string{
		"0 ok- cases; a rule needs both", "FAIL: TestBroken/fake/bad-a", "the rule says nothing about a bad- case",
	} {
		if err == nil || !strings.Contains(string(out), want) {
			t.Errorf("error %v, without %q:\n%s", err, want, out)
		}
	}
}

func TestBroken(t *testing.T) {
	if dir := os.Getenv("BROKEN_CASES"); dir != "" {
		Run(t, dir, []*policy.Rule{fake(policy.Finding{Message: "m"})})
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
