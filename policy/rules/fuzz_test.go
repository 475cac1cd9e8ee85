package rules_test

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/tools/txtar"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/fix"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/profiles"
	"github.com/bucketwarden/bucketwarden/policy/public"
	"github.com/bucketwarden/bucketwarden/policy/rules"
)

// FuzzRules gives any text to all rules at once, as the webhook does: no rule fails on it, what they say fits on one line,
// and all fixes together are proved to be Equivalent, and soon leave nothing to fix.
func FuzzRules(f *testing.F) {
	for _, text := range documents(f) {
		f.Add(text)
	}
	f.Add(`{"Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:0:iam::000000000000:role/0"}, "Action": "0*` + "\x7f" + `", "Resource": "*"}]}`)
	f.Fuzz(func(t *testing.T, text string) { fixAll(t, text, mostRounds) })
}

// TestFixesTogether does the same with documents made of the statements of all cases.
func TestFixesTogether(t *testing.T) {
	if testing.Short() {
		t.Skip("a sweep, which -short leaves out")
	}
	var statements []string
	for _, text := range documents(t) {
		doc, err := iam.Parse(text)
		if err != nil || len(text) > 4096 {
			continue
		}
		for _, s := range doc.Statements {
			statements = append(statements, s.Value.Compact())
		}
	}
	random, fixed := rand.New(rand.NewPCG(1, 2)), 0
	for range 1500 {
		var drawn []string
		for range 1 + random.IntN(5) {
			drawn = append(drawn, statements[random.IntN(len(statements))])
		}
		fixed += fixAll(t, `{"Version": "2012-10-17", "Statement": [`+strings.Join(drawn, ",\n")+"]}", mostRounds)
	}
	if fixed < 200 {
		t.Errorf("%d fixes: too few to show anything", fixed)
	}
}

// mostRounds is how often all fixes are made at once. The fix of one rule may uncover what another has a fix for: without
// the action that S3 refuses, a statement is seen to be dead.
const mostRounds = 3

// fixAll makes all fixes at once and returns how many there are.
func fixAll(t *testing.T, text string, rounds int) int {
	in := policy.NewInput(policy.BucketPolicy, text, known)
	fixes := judge(t, in)
	if len(fixes) == 0 {
		return 0
	}
	if rounds == 0 {
		t.Errorf("%d fixes are left: %v\n%s", len(fixes), fixes, text)
		return 0
	}
	fixed, err := fix.Apply(in.Document, fixes)
	if errors.Is(err, fix.ErrNoStatement) {
		return 0
	}
	if err != nil {
		t.Fatalf("the fixes cannot be made: %v\n%s", err, text)
	}
	if _, err := fix.Prove(in, fixed, policy.Equivalent); err != nil {
		t.Errorf("the fixes are not Equivalent: %v\n%s\n%s", err, text, fixed.Text())
	}
	fixAll(t, fixed.Text(), rounds-1)
	return len(fixes)
}

// known is a bucket of which everything is written down.
var known = policy.Bucket{
	Name:      policy.Fact[string]{Value: "logs", Origin: policy.Declared},
	Region:    policy.Fact[string]{Value: "eu-west-1", Origin: policy.Declared},
	Ownership: policy.Fact[policy.Ownership]{Value: policy.BucketOwnerEnforced, Origin: policy.Declared},
	Owner:     policy.Fact[string]{Value: "111122223333", Origin: policy.Declared},
}

// empty is what an update replaces, so that all is new.
var empty = func() *iam.Document {
	doc, err := iam.Parse(`{"Statement": []}`)
	if err != nil {
		panic(err)
	}
	return doc
}()

// documents returns the documents of all cases.
func documents(t testing.TB) []string {
	t.Helper()
	names, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	var out []string
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range txtar.Parse(text).Files {
			if file.Name == "policy.json" {
				out = append(out, string(file.Data))
			}
		}
	}
	return out
}

// profiled is the workload that every document is held to as well.
var profiled = profiles.Asked("cloudtrail", "account=111122223333 region=eu-central-1 trail=main", "annotation", known, nil)

// judge returns the fixes of all findings that are Equivalent.
func judge(t *testing.T, in policy.Input) []policy.Fix {
	var fixes []policy.Fix
	in.Old, in.Trust = empty, &public.Trust{Organizations: []string{"o-a1b2c3d4e5"}, Services: []string{"cloudtrail.amazonaws.com"}}
	findings := policy.Run(rules.All, in).Findings
	in.Profile = profiled
	held := slices.DeleteFunc(slices.Clone(rules.All), func(r *policy.Rule) bool { return r.ID != "BW408" && r.ID != "BW505" })
	for _, f := range append(findings, policy.Run(held, in).Findings...) {
		for _, r := range f.Message {
			if !unicode.IsPrint(r) {
				t.Errorf("%s: message %q", f.Rule.ID, f.Message)
				break
			}
		}
		if len(f.Message) > 1000 {
			t.Errorf("%s: a message of %d bytes", f.Rule.ID, len(f.Message))
		}
		if in.Document == nil && f.Rule.ID != "BW101" {
			t.Errorf("%s speaks about an unreadable document", f.Rule.ID)
		}
		if f.Fix != nil && f.Fix.Class == policy.Equivalent {
			fixes = append(fixes, *f.Fix)
		}
	}
	return fixes
}
