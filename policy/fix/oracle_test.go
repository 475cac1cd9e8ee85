package fix_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/fix"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// TestProofsAgainstDecide draws pairs of small documents, and holds every proof against the plain reading of both
// documents for every request of a small universe.
func TestProofsAgainstDecide(t *testing.T) {
	if testing.Short() {
		t.Skip("a sweep, which -short leaves out")
	}
	random := rand.New(rand.NewPCG(1, 2))
	enforced := policy.Bucket{Ownership: policy.Fact[policy.Ownership]{
		Value: policy.BucketOwnerEnforced, Origin: policy.Declared,
	}}
	requests := universe()
	refused, grades := 0, map[fix.Grade]int{}
	for range 1200 {
		before := drawDocument(random)
		after := mutate(random, before)
		old, new := parse(t, before.text()), parse(t, after.text())
		proof, err := fix.Prove(policy.Input{Kind: policy.BucketPolicy, Document: old, Bucket: enforced}, new, policy.Narrowing)
		if (err == nil) != (fix.Narrows(old, new, space.Steps(space.AdmissionBudget)) == nil) {
			t.Fatalf("%v, and Narrows disagrees\n%s\n%s", err, before.text(), after.text())
		}
		if err != nil {
			refused++
			continue
		}
		grades[proof.Grade]++
		for _, r := range requests {
			was, is := authz.Decide(old, r).Decision, authz.Decide(new, r).Decision
			if is == authz.Allowed && was != authz.Allowed {
				t.Fatalf("not narrower: %v\n%s\n%s", r, before.text(), after.text())
			}
			if was == authz.ExplicitDeny && is != authz.ExplicitDeny {
				t.Fatalf("no longer denied: %v\n%s\n%s", r, before.text(), after.text())
			}
			if was == authz.Allowed && is != authz.Allowed && !lostOnPurpose(r, proof) {
				t.Fatalf("lost, and called %v: %v\n%s\n%s", proof, r, before.text(), after.text())
			}
		}
		checkWitnesses(t, old, new, proof)
	}
	// A test in which nothing is ever proved shows nothing.
	if refused < 150 || grades[fix.OutcomeEquivalent] < 150 || grades[fix.EffectEquivalent] < 15 || grades[fix.Narrower] < 150 {
		t.Errorf("%d refused, %v: too few", refused, grades)
	}
}

// checkWitnesses shows that what a proof says is lost is lost.
func checkWitnesses(t *testing.T, old, new *iam.Document, proof *fix.Proof) {
	t.Helper()
	if (proof.Residual != nil) != (proof.Grade == fix.EffectEquivalent) || (proof.Lost != nil) != (proof.Grade == fix.Narrower) {
		t.Fatalf("%v with residual %v and lost %v\n%s\n%s", proof, proof.Residual, proof.Lost, old.Text(), new.Text())
	}
	for _, r := range []*authz.Request{proof.Residual, proof.Lost} {
		if r != nil && (authz.Decide(old, *r).Decision != authz.Allowed || authz.Decide(new, *r).Decision == authz.Allowed) {
			t.Fatalf("%v: %v is not lost\n%s\n%s", proof, r, old.Text(), new.Text())
		}
	}
	if r := proof.Residual; r != nil && (!setsACL(*r) || refusedForSure(*r)) {
		t.Fatalf("residual %v is nothing that S3 may answer with 200 and do without effect", r)
	}
	if r := proof.Lost; r != nil && setsACL(*r) {
		t.Fatalf("lost %v is nothing that S3 serves", r)
	}
}

// lostOnPurpose reports whether a request that is lost is one that the proof gives up.
func lostOnPurpose(r authz.Request, proof *fix.Proof) bool {
	switch proof.Grade {
	case fix.Narrower:
		return true
	case fix.EffectEquivalent:
		return setsACL(r)
	}
	return setsACL(r) && refusedForSure(r) && !strings.HasSuffix(proof.Claim, "none is lost")
}

func setsACL(r authz.Request) bool {
	return slices.Contains([]string{"s3:putobjectacl", "s3:putobjectversionacl", "s3:putbucketacl"}, strings.ToLower(r.Action))
}

func refusedForSure(r authz.Request) bool {
	acl, _ := r.Context.Lookup("s3:x-amz-acl")
	return len(acl) == 1 && acl[0] != "bucket-owner-full-control"
}

func universe() []authz.Request {
	var out []authz.Request
	for _, principal := range []string{authz.Anonymous, "arn:aws:iam::111122223333:user/a"} {
		out = append(out, authz.Request{Principal: principal, Action: "s3:GetObjectAcl", Resource: "arn:aws:s3:::logs/k"})
		for _, action := range []string{"s3:PutObject", "s3:PutObjectAcl"} {
			for _, acl := range []string{"", "public-read", "bucket-owner-full-control"} {
				context := authz.Context{}
				if acl != "" {
					context["s3:x-amz-acl"] = []string{acl}
				}
				out = append(out, authz.Request{
					Principal: principal, Action: action, Resource: "arn:aws:s3:::logs/k", Context: context,
				})
			}
		}
		for _, action := range []string{"s3:ListBucket", "s3:GetBucketAcl"} {
			out = append(out, authz.Request{Principal: principal, Action: action, Resource: "arn:aws:s3:::logs"})
		}
	}
	return out
}

// drawn is a document that is easy to change.
type drawn []drawnStatement

type drawnStatement struct {
	sid, effect, principal string
	actions                []string
	actionElement          string
	resource, condition    string
}

var (
	someActions = []string{
		"s3:PutObject", "s3:PutObjectAcl", "S3:PUTOBJECTACL", "s3:Put*", "s3:*Acl", "s3:*", "s3:ListBucket", "s3:GetObjectAcl",
		"s3:GetBucketAcl", "*",
	}
	someResources = []string{
		`"arn:aws:s3:::logs"`, `"arn:aws:s3:::logs/*"`, `"arn:aws:s3:::logs*"`, `["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"]`,
	}
	someConditions = []string{
		``, ``, ``, `{"StringEquals": {"s3:x-amz-acl": "public-read"}}`,
		`{"StringNotEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}`,
		`{"StringEqualsIfExists": {"s3:x-amz-acl": "public-read"}}`, `{"StringLike": {"s3:x-amz-acl": "*"}}`,
		`{"StringEquals": {"s3:x-amz-acl": ["public-read", "bucket-owner-full-control"]}}`,
	}
)

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

func drawDocument(r *rand.Rand) drawn {
	var out drawn
	for range 1 + r.IntN(3) {
		out = append(out, drawStatement(r))
	}
	return out
}

func drawStatement(r *rand.Rand) drawnStatement {
	s := drawnStatement{
		effect:        pick(r, []string{"Allow", "Allow", "Allow", "Deny"}),
		principal:     pick(r, []string{`"*"`, `{"AWS": "111122223333"}`}),
		actionElement: pick(r, []string{"Action", "Action", "Action", "Action", "NotAction"}),
		resource:      pick(r, someResources),
		condition:     pick(r, someConditions),
	}
	for range 1 + r.IntN(3) {
		s.actions = append(s.actions, pick(r, someActions))
	}
	return s
}

// mutate makes up to three changes, most of which narrow.
func mutate(r *rand.Rand, d drawn) drawn {
	out := slices.Clone(d)
	for range 1 + r.IntN(3) {
		if len(out) == 0 {
			return out
		}
		i := r.IntN(len(out))
		s := &out[i]
		switch r.IntN(12) {
		case 0:
			s.condition = pick(r, someConditions)
		case 1:
			s.resource = pick(r, someResources)
		case 2:
			s.effect = pick(r, []string{"Allow", "Deny"})
		case 3:
			s.actions = append(slices.Clone(s.actions), pick(r, someActions))
		case 4:
			out = append(out, drawStatement(r))
		case 5:
			out = slices.Delete(slices.Clone(out), i, i+1)
		case 6:
			s.sid = pick(r, []string{"", "a", "b"})
		default:
			if n := len(s.actions); n > 0 {
				k := r.IntN(n)
				s.actions = slices.Delete(slices.Clone(s.actions), k, k+1)
			}
		}
	}
	return slices.DeleteFunc(out, func(s drawnStatement) bool { return len(s.actions) == 0 })
}

func (d drawn) text() string {
	var statements []string
	for _, s := range d {
		text := fmt.Sprintf(`{"Sid": %q, "Effect": %q, "Principal": %s, %q: %s, "Resource": %s`, s.sid, s.effect, s.principal,
			s.actionElement, iam.NewStrings(s.actions...).Compact(), s.resource)
		if s.condition != "" {
			text += `, "Condition": ` + s.condition
		}
		statements = append(statements, text+"}")
	}
	return `{"Version": "2012-10-17", "Statement": [` + strings.Join(statements, ", ") + `]}`
}
