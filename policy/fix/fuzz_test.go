package fix_test

import (
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/fix"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// FuzzProve asks for a proof of any step: a document takes its own place, the classes agree, and what is said to be lost
// is lost.
func FuzzProve(f *testing.F) {
	names, err := filepath.Glob(filepath.Join("testdata", "prove", "*.txtar"))
	if err != nil || len(names) == 0 {
		f.Fatalf("no cases (%v)", err)
	}
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(archive.Files[0].Data), string(archive.Files[1].Data))
	}
	enforced := policy.Bucket{Ownership: policy.Fact[policy.Ownership]{
		Value: policy.BucketOwnerEnforced, Origin: policy.Declared,
	}}
	f.Fuzz(func(t *testing.T, before, after string) {
		old, errOld := iam.Parse(before)
		new, errNew := iam.Parse(after)
		if errOld != nil || errNew != nil || len(before)+len(after) > 4096 {
			return
		}
		if p, err := fix.Prove(policy.Input{Kind: policy.BucketPolicy, Document: old, Bucket: policy.Bucket{}}, old, policy.Equivalent); err != nil || p.Boxes > 0 || len(p.Statements) > 0 {
			t.Fatalf("its own place: %v, %v\n%s", p, err, before)
		}
		equivalent, err := fix.Prove(policy.Input{Kind: policy.BucketPolicy, Document: old, Bucket: enforced}, new, policy.Equivalent)
		narrowing, onPurpose := fix.Prove(policy.Input{Kind: policy.BucketPolicy, Document: old, Bucket: enforced}, new, policy.Narrowing)
		if onPurpose != nil && strings.Contains(onPurpose.Error(), "the proof is not confirmed") {
			t.Fatalf("%v\n%s\n%s", onPurpose, before, after)
		}
		if (onPurpose == nil) != (fix.Narrows(old, new, space.Steps(space.AdmissionBudget)) == nil) || err == nil && equivalent.Grade != narrowing.Grade {
			t.Fatalf("as Equivalent %v, %v; as Narrowing %v, %v\n%s\n%s", equivalent, err, narrowing, onPurpose, before, after)
		}
		if onPurpose != nil {
			return
		}
		for _, r := range []*authz.Request{narrowing.Residual, narrowing.Lost} {
			if r != nil && (authz.Decide(old, *r).Decision != authz.Allowed || authz.Decide(new, *r).Decision == authz.Allowed) {
				t.Fatalf("%v is not lost\n%s\n%s", r, before, after)
			}
		}
	})
}
