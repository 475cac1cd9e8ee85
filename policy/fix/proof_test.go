package fix

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

func TestProofString(t *testing.T) {
	tests := []struct {
		in   Proof
		want string
	}{
		{Proof{Grade: OutcomeEquivalent, Claim: claimNoneLost},
			"outcome-equivalent: no request is newly allowed, none is lost (boxes 0, steps 0)"},
		{Proof{Grade: Narrower, Claim: claimNarrower, Statements: []iam.Path{"Statement[0]", "Statement[2]"}, Boxes: 2, Steps: 5},
			"narrower Statement[0] Statement[2]: no request is newly allowed (boxes 2, steps 5)"},
	}
	for _, tt := range tests {
		if got := tt.in.String(); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

// Where the owner is written down, an upload with another ACL is refused too, if a stranger sends it.
func TestProveKnowsTheOwner(t *testing.T) {
	parse := func(text string) *iam.Document {
		doc, err := iam.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		return doc
	}
	const rest = `{"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*"}`
	old := parse(`{"Version": "2012-10-17", "Statement": [` + rest + `, {"Effect": "Allow", "Principal": {"AWS": "444455556666"},
		"Action": "s3:PutObject", "Resource": "arn:aws:s3:::logs/*", "Condition": {"StringEquals": {"s3:x-amz-acl": "public-read"}}}]}`)
	new := parse(`{"Version": "2012-10-17", "Statement": [` + rest + `]}`)
	const lost = "lost, although S3 may serve it: arn:aws:sts::444455556666:assumed-role/bucketwarden-example/session " +
		"s3:PutObject on arn:aws:s3:::logs/x with s3:x-amz-acl=public-read"
	tests := []struct {
		name  string
		owner policy.Fact[string]
		want  string
	}{
		{"another account's", policy.Fact[string]{Value: "111122223333", Origin: policy.Declared}, string(OutcomeEquivalent)},
		{"the writer's own", policy.Fact[string]{Value: "444455556666", Origin: policy.Declared}, lost},
		{"another's, by configuration", policy.Fact[string]{Value: "111122223333", Origin: policy.Configured}, lost},
		{"not known", policy.Fact[string]{}, lost},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ownership := policy.Fact[policy.Ownership]{Value: policy.BucketOwnerEnforced, Origin: policy.Sibling}
			p, err := Prove(policy.Input{Kind: policy.BucketPolicy, Document: old, Bucket: policy.Bucket{Ownership: ownership, Owner: tt.owner}}, new, policy.Equivalent)
			got := ""
			if err != nil {
				got = err.Error()
			} else {
				got = string(p.Grade)
			}
			if got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

// A patch may concern every statement of the largest document that S3 keeps.
func TestProveTheLargest(t *testing.T) {
	document := func(actions string) *iam.Document {
		statements := []string{`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::logs","arn:aws:s3:::logs/*"],` +
			`"Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-abcdefghij"},"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}}}`}
		for i := range 60 {
			statements = append(statements, fmt.Sprintf(`{"Sid":"T%d","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::1%011[1]d:role/x",`+
				`"arn:aws:iam::2%011[1]d:root"]},"Action":[%[2]s],"Resource":"arn:aws:s3:::logs/%[1]d/*",`+
				`"Condition":{"StringEquals":{"s3:x-amz-acl":"bucket-owner-full-control"}}}`, i, actions))
		}
		doc, err := iam.Parse(`{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`)
		if err != nil {
			t.Fatal(err)
		}
		return doc
	}
	ownership := policy.Fact[policy.Ownership]{Value: policy.BucketOwnerEnforced, Origin: policy.Declared}
	in := policy.Input{
		Kind: policy.BucketPolicy, Document: document(`"s3:PutObject","s3:PutObjectAcl"`), Bucket: policy.Bucket{Ownership: ownership},
	}
	p, err := Prove(in, document(`"s3:PutObject"`), policy.Equivalent)
	if err != nil || p.Grade != EffectEquivalent || len(p.Statements) != 60 || p.Boxes < 60 {
		t.Errorf("%v, %v", p, err)
	}
}
