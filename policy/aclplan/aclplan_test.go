package aclplan

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/ownership"
	"github.com/bucketwarden/bucketwarden/policy/rules"
)

const (
	partner = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"
	own     = "852b113e7a2f25102679df27bb0ae12b3f85be6f290b936c4393484be31bbbbb"
	other   = "00000000000000000000000000000000000000000000000000000000000000aa"
	another = "00000000000000000000000000000000000000000000000000000000000000bb"
)

// bucket is exchange of account 111122223333, with an ACL.
func bucket(acl policy.ACL) policy.Bucket {
	return policy.Bucket{
		Name:      policy.Fact[string]{Value: "exchange", Origin: policy.Declared},
		Owner:     policy.Fact[string]{Value: "111122223333", Origin: policy.Declared},
		Ownership: policy.Fact[policy.Ownership]{Value: policy.ObjectWriter, Origin: policy.Declared, From: "spec.ownership"},
		ACL:       policy.Fact[policy.ACL]{Value: acl, Origin: policy.Declared, From: "spec.acl"},
	}
}

func plan(t *testing.T, acl policy.ACL, document string) Plan {
	t.Helper()
	in := Input{
		Bucket: bucket(acl), Sources: []string{"shop"}, Prefix: "log/",
		Accounts: map[string]string{partner: "444455556666", own: "111122223333", "a@example.com": "777788889999"},
	}
	if document != "" {
		doc, err := iam.Parse(document)
		if err != nil {
			t.Fatal(err)
		}
		in.Document = doc
	}
	return New(in)
}

func grants(permission string, g policy.Grant) policy.ACL {
	g.Permission = permission
	return policy.ACL{Grants: []policy.Grant{g}}
}

// list is what READ of a bucket comes to.
const list = "s3:ListBucket s3:ListBucketVersions s3:ListBucketMultipartUploads"

// TestGrants has, for each ACL, what becomes of its grants, a line each: the outcome and the actions.
func TestGrants(t *testing.T) {
	id := policy.Grant{ID: partner}
	for _, tt := range []struct {
		name string
		acl  policy.ACL
		want []string
	}{
		{"READ", grants("READ", id), []string{"account 444455556666: moved " + list}},
		{"WRITE", grants("WRITE", id), []string{"account 444455556666: moved s3:PutObject"}},
		{"READ_ACP", grants("READ_ACP", id), []string{"account 444455556666: moved s3:GetBucketAcl"}},
		{"WRITE_ACP", grants("WRITE_ACP", id), []string{"account 444455556666: of no use"}},
		{"FULL_CONTROL", grants("FULL_CONTROL", id), []string{"account 444455556666: moved " + list + " s3:GetBucketAcl s3:PutObject"}},
		{"an address", grants("WRITE", policy.Grant{Email: "a@example.com"}), []string{"account 777788889999: moved s3:PutObject"}},
		{"nobody's address", grants("WRITE", policy.Grant{Email: "b@example.com"}), []string{"b@example.com: cannot be moved"}},
		{"nobody's id", grants("WRITE", policy.Grant{ID: other}), []string{"canonical user " + other + ": moved s3:PutObject"}},
		{"no id", grants("WRITE", policy.Grant{ID: "abc"}), []string{"canonical user abc: cannot be moved"}},
		{"the owner", grants("FULL_CONTROL", policy.Grant{ID: own}), []string{"the bucket's owner 111122223333: the owner's"}},
		{"no permission", grants("PEEK", id), []string{"account 444455556666: cannot be moved"}},
		{"no group", grants("READ", policy.Grant{URI: ownership.Groups + "x"}), []string{ownership.Groups + "x: cannot be moved"}},
		{"no group's URI", grants("READ", policy.Grant{URI: "urn:x"}), []string{"urn:x: cannot be moved"}},
		{"private", policy.ACL{Canned: "private"}, nil},
		{"bucket-owner-full-control", policy.ACL{Canned: "bucket-owner-full-control"}, nil},
		{"public-read", policy.ACL{Canned: "public-read"}, []string{"anyone: cannot be moved " + list}},
		{"public-read-write", policy.ACL{Canned: "public-read-write"}, []string{"anyone: cannot be moved " + list, "anyone: cannot be moved s3:PutObject"}},
		{"authenticated-read", policy.ACL{Canned: "authenticated-read"}, []string{"every AWS account: cannot be moved " + list}},
		{"a public WRITE_ACP", grants("WRITE_ACP", policy.Grant{URI: ownership.Groups + ownership.AllUsers}), []string{"anyone: of no use"}},
		{"log-delivery-write", policy.ACL{Canned: "log-delivery-write"}, []string{"log delivery: moved s3:PutObject", "log delivery: of no use"}},
		{"aws-exec-read", policy.ACL{Canned: "aws-exec-read"}, []string{"aws-exec-read: cannot be moved"}},
	} {
		p := plan(t, tt.acl, "")
		var got []string
		open := 0
		for _, g := range p.Grants {
			got = append(got, strings.TrimSpace(fmt.Sprintf("%s: %s %s", g.To, g.Outcome, strings.Join(g.Actions, " "))))
			if g.Outcome == Open {
				open++
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		if p.Policy != nil {
			acceptable(t, p.Policy)
		}
		if len(p.Open) != open || (p.Policy != nil) != (p.Proof != "") {
			t.Errorf("%s: open %q, proof %q", tt.name, p.Open, p.Proof)
		}
	}
}

// acceptable shows that no rule knows of anything for which S3 would refuse the policy.
func acceptable(t *testing.T, doc *iam.Document) {
	t.Helper()
	in := policy.NewInput(policy.BucketPolicy, doc.Text(), bucket(policy.ACL{}))
	for _, f := range policy.Run(rules.All, in).Findings {
		if f.Rule.Severity == policy.SeverityError {
			t.Errorf("%s: %s\n%s", f.Rule.ID, f.Message, doc.Text())
		}
	}
}

// TestDecides asks the plain evaluator for what the new policy allows.
func TestDecides(t *testing.T) {
	const (
		us, them = "arn:aws:iam::444455556666:role/r", "arn:aws:iam::777788889999:role/r"
		b, o     = "arn:aws:s3:::exchange", "arn:aws:s3:::exchange/x"
		log      = "arn:aws:s3:::exchange/log/x"
		service  = "logging.s3.amazonaws.com"
	)
	source := func(account, bucket string) authz.Context {
		return authz.Context{"aws:SourceAccount": {account}, "aws:SourceArn": {"arn:aws:s3:::" + bucket}}
	}
	for _, tt := range []struct {
		acl               policy.ACL
		principal, action string
		resource          string
		context           authz.Context
		allowed           bool
	}{
		{grants("READ", policy.Grant{ID: partner}), us, "s3:ListBucket", b, nil, true},
		{grants("READ", policy.Grant{ID: partner}), them, "s3:ListBucket", b, nil, false},
		{grants("READ", policy.Grant{ID: partner}), us, "s3:GetObject", o, nil, false},
		{grants("WRITE", policy.Grant{ID: partner}), us, "s3:PutObject", o, nil, true},
		{grants("WRITE", policy.Grant{ID: partner}), us, "s3:DeleteObject", o, nil, false},
		{grants("FULL_CONTROL", policy.Grant{ID: partner}), us, "s3:GetBucketAcl", b, nil, true},
		{grants("FULL_CONTROL", policy.Grant{ID: partner}), us, "s3:PutBucketAcl", b, nil, false},
		{grants("FULL_CONTROL", policy.Grant{ID: partner}), us, "s3:PutBucketPolicy", b, nil, false},
		{policy.ACL{Canned: "log-delivery-write"}, service, "s3:PutObject", log, source("111122223333", "shop"), true},
		{policy.ACL{Canned: "log-delivery-write"}, service, "s3:PutObject", o, source("111122223333", "shop"), false},
		{policy.ACL{Canned: "log-delivery-write"}, service, "s3:PutObject", log, source("111122223333", "other"), false},
		{policy.ACL{Canned: "log-delivery-write"}, service, "s3:PutObject", log, source("444455556666", "shop"), false},
		{policy.ACL{Canned: "log-delivery-write"}, "cloudtrail.amazonaws.com", "s3:PutObject", log, source("111122223333", "shop"), false},
	} {
		r := authz.Request{Principal: tt.principal, Action: tt.action, Resource: tt.resource, Account: "111122223333", Context: tt.context}
		if got := authz.Decide(plan(t, tt.acl, "").Policy, r).Decision == authz.Allowed; got != tt.allowed {
			t.Errorf("%+v: %v: %t", tt.acl, r, got)
		}
	}
}

// What the policy allows already is not added, its Version and its Sids stay, and grants of one grantee come together.
func TestPolicyStays(t *testing.T) {
	const text = `{"Version":"2008-10-17","Id":"x","Statement":{"Sid":"FromAcl1","Effect":"Allow","Principal":{"AWS":"444455556666"},` +
		`"Action":"s3:List*","Resource":"arn:aws:s3:::exchange"}}`
	id := func(permission string) policy.Grant { return policy.Grant{ID: partner, Permission: permission} }
	p := plan(t, policy.ACL{Grants: []policy.Grant{id("READ"), id("READ_ACP"), id("FULL_CONTROL"), id("WRITE")}}, text)
	var outcomes []Outcome
	for _, g := range p.Grants {
		outcomes = append(outcomes, g.Outcome)
	}
	if diff := cmp.Diff([]Outcome{Already, Moved, Moved, Moved}, outcomes); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
	want := `{"Version":"2008-10-17","Id":"x","Statement":[{"Sid":"FromAcl1","Effect":"Allow","Principal":{"AWS":"444455556666"},` +
		`"Action":"s3:List*","Resource":"arn:aws:s3:::exchange"},` +
		`{"Sid":"FromAcl2","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:root"},"Action":["s3:GetBucketAcl",` +
		`"s3:ListBucket","s3:ListBucketVersions","s3:ListBucketMultipartUploads"],"Resource":"arn:aws:s3:::exchange"},` +
		`{"Sid":"FromAcl3","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:root"},"Action":["s3:PutObject"],"Resource":"arn:aws:s3:::exchange/*"}]}`
	if diff := cmp.Diff(want, p.Policy.Root().Compact()); diff != "" || p.Proof == "" || p.Size != len(want) {
		t.Errorf("proof %q, size %d (-want +got):\n%s", p.Proof, p.Size, diff)
	}
}

// Grants of one canonical user id come together too, and those of two do not: an id is some one account, though nobody says whose.
func TestCanonicalUsers(t *testing.T) {
	p := plan(t, policy.ACL{Grants: []policy.Grant{
		{ID: other, Permission: "READ"}, {ID: another, Permission: "READ"}, {ID: other, Permission: "READ_ACP"},
	}}, `{"Statement":{"Effect":"Allow","Principal":{"AWS":"000000000001"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::exchange/*"}}`)
	if len(p.Added) != 2 || len(p.Open) > 0 || p.Proof == "" {
		t.Errorf("%+v", p)
	}
	if text := p.Policy.Text(); strings.Contains(text, "000000000002") || !strings.Contains(text, `"CanonicalUser": "`+another+`"`) {
		t.Error(text)
	}
}

// Whatever is granted to whomever, no policy is proposed that is refused, and the outcome is said.
func TestReview(t *testing.T) {
	public := `{"Version":"2012-10-17","Statement":{"Sid":"All","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::exchange/*"}}`
	everybody := func(group string) policy.Grant {
		return policy.Grant{URI: ownership.Groups + group, Permission: "READ"}
	}
	for _, tt := range []struct {
		name, document string
		acl            policy.ACL
		verdict        string // "" for no policy
		open           string
	}{
		{"a partner", "", grants("WRITE", policy.Grant{ID: partner}), "Warn", ""}, // another account
		{"log delivery", "", policy.ACL{Canned: "log-delivery-write"}, "Admit", ""},
		{"a wildcard that was there", strings.Replace(strings.Replace(public, `"*"`, `{"AWS":"444455556666"}`, 1), "s3:GetObject", "s3:*", 1),
			grants("WRITE", policy.Grant{ID: partner}), "Warn", ""},
		{"a public policy", public, grants("WRITE", policy.Grant{ID: partner}), "Deny", "review refuses the policy: BW201 "},
		{"a public policy, and no ACL", public, policy.ACL{Canned: "private"}, "Deny", "review refuses the policy: BW201 "},
		{"everybody", "", grants("READ", everybody(ownership.AllUsers)), "", "READ of anyone: this is public"},
		{"everybody, and a partner", "", policy.ACL{Grants: []policy.Grant{everybody(ownership.AuthenticatedUsers), {ID: partner, Permission: "READ"}}},
			"Warn", "READ of every AWS account: anyone with an AWS account"},
	} {
		p := plan(t, tt.acl, tt.document)
		verdict := ""
		if p.Review != nil {
			verdict = p.Review.Verdict
		}
		if verdict != tt.verdict || (p.Policy != nil) != (verdict != "" && verdict != "Deny") {
			t.Errorf("%s: verdict %q, want %q; policy %t; %+v", tt.name, verdict, tt.verdict, p.Policy != nil, p.Review)
		}
		if (len(p.Open) > 0) != (tt.open != "") || tt.open != "" && !strings.HasPrefix(p.Open[0], tt.open) {
			t.Errorf("%s: open %q, want %q", tt.name, p.Open, tt.open)
		}
		if verdict == "Deny" && len(p.Added)+p.Size+len(p.Proof) > 0 {
			t.Errorf("%s: it says of a policy that is not proposed: %+v", tt.name, p)
		}
	}
}

// A policy that would lose something, or grant more, is not called proved.
func TestProofFails(t *testing.T) {
	for what, change := range map[string]func(*planner){
		"the policy loses":        func(p *planner) { p.added[0].actions = p.added[0].actions[:1] },
		"the policy newly allows": func(p *planner) { p.added[0].actions = append(p.added[0].actions, "s3:DeleteBucket") },
	} {
		p := newPlanner(Input{Bucket: bucket(policy.ACL{})})
		p.move(policy.Grant{Permission: "READ", ID: partner})
		change(p)
		p.write()
		p.prove()
		if len(p.plan.Open) != 1 || !strings.HasPrefix(p.plan.Open[0], what) || p.plan.Proof != "" {
			t.Errorf("%s: %q, %q", what, p.plan.Open, p.plan.Proof)
		}
	}
}

func TestLimits(t *testing.T) {
	var all []string
	for i := range 400 {
		all = append(all, fmt.Sprintf(`{"Sid":"S%d","Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::exchange/%d"}`, i, i))
	}
	p := plan(t, grants("WRITE", policy.Grant{ID: partner}), `{"Statement":[`+strings.Join(all, ",")+`]}`)
	if len(p.Open) == 0 || !strings.Contains(p.Open[0], "and S3 accepts 20480") {
		t.Errorf("%q", p.Open)
	}
	for _, name := range []string{"", "a*", "${aws:username}", "a/b"} {
		b := bucket(policy.ACL{Canned: "public-read"})
		b.Name.Value = name
		if p := New(Input{Bucket: b}); p.Policy != nil || len(p.Open) != 1 {
			t.Errorf("%q: %+v", name, p)
		}
	}
	b := bucket(policy.ACL{Canned: "log-delivery-write"})
	b.Owner = policy.Fact[string]{}
	if p := New(Input{Bucket: b}); p.Policy != nil || len(p.Open) != 2 || !strings.Contains(p.Open[0], "--owner") {
		t.Errorf("without an owner: %+v", p)
	}
	b.ACL = policy.Fact[policy.ACL]{Origin: policy.Contradicted, From: "BucketACL a contradicts BucketACL b"}
	if p := New(Input{Bucket: b}); len(p.Open) != 1 || !strings.Contains(p.Open[0], "contradicts") {
		t.Errorf("contradicting ACLs: %+v", p)
	}
}
