package fix

import (
	"testing"

	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// What may be taken away without a loss where ACLs are disabled: lost is what the shorter document lost, by grade, for a
// bucket of account 999988887777.
func TestRefusals(t *testing.T) {
	const owner = "999988887777"
	grant := func(principal, actions, condition string) string {
		if condition != "" {
			condition = `,"Condition":{` + condition + `}`
		}
		return version2012(`{"Effect":"Allow","Principal":{"AWS":"` + principal + `"},"Action":` + actions + `,"Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"]` + condition + `}`)
	}
	get := grant("111122223333", `"s3:GetObject"`, "")
	tests := []struct {
		name, old, new  string
		effect, outcome space.Answer
	}{
		{"setting object ACLs (B4, B5)", grant("111122223333", `["s3:GetObject","s3:PutObjectAcl","s3:PutObjectVersionAcl"]`, ""), get, space.None, space.Found},
		{"setting bucket ACLs", grant("111122223333", `["s3:GetObject","s3:PutBucketAcl"]`, ""), get, space.None, space.Found},
		{"setting a foreign ACL (B4)", grant("111122223333", `"s3:PutObjectAcl"`, `"StringEquals":{"s3:x-amz-acl":"public-read"}`),
			get, space.None, space.None},
		{"setting the owner's ACL (B5)", grant("111122223333", `["s3:GetObject","s3:PutObjectAcl"]`, `"StringEqualsIfExists":{"s3:x-amz-acl":"bucket-owner-full-control"}`),
			grant("111122223333", `"s3:GetObject"`, ""), space.None, space.Found},
		{"reading ACLs (B6)", grant("111122223333", `["s3:GetObject","s3:GetObjectAcl"]`, ""), get, space.Found, space.Found},
		{"writing without a word of ACLs (B3)", grant("111122223333", `["s3:GetObject","s3:PutObject"]`, ""), get, space.Found, space.Found},
		{"writing with a foreign ACL (B1)", version2012(`{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*",` +
			`"Condition":{"StringEquals":{"s3:x-amz-acl":"private"}}},{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}`),
			version2012(`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}`), space.None, space.None},
		{"writing with the owner's ACL (B3)", version2012(`{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*",` +
			`"Condition":{"StringEquals":{"s3:x-amz-acl":"bucket-owner-full-control"}}}`), get, space.Found, space.Found},
		{"the owner's account writing with private (B2)", version2012(`{"Effect":"Allow","Principal":{"AWS":"` + owner + `"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*",` +
			`"Condition":{"StringEquals":{"s3:x-amz-acl":"private"}}}`), get, space.Found, space.Found},
		{"nothing", get, get, space.None, space.None},
	}
	for _, tt := range tests {
		for grade, want := range map[Grade]space.Answer{EffectEquivalent: tt.effect, OutcomeEquivalent: tt.outcome} {
			v := space.NewAccess(parse(t, tt.new), parse(t, tt.old), space.Steps(space.AdmissionBudget), Refusals(grade, owner))
			if v.Answer != want {
				t.Errorf("%s, grade %s: %v, want %v: %+v %s", tt.name, grade, v.Answer, want, v.Witness, v.Reason)
			}
			for _, c := range v.Proofs {
				if err := c.Check(space.Steps(1_000_000)); err != nil {
					t.Errorf("%s: %v", c.Subject, err)
				}
			}
		}
	}
}

// Without knowing the owner, nobody is known to be of another account.
func TestRefusalsWithoutOwner(t *testing.T) {
	old := version2012(`{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*",` +
		`"Condition":{"StringEquals":{"s3:x-amz-acl":"private"}}}`)
	new := version2012(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}`)
	if v := space.NewAccess(parse(t, new), parse(t, old), space.Steps(space.AdmissionBudget), Refusals(EffectEquivalent, "")); v.Answer != space.Found {
		t.Errorf("%v, want found", v.Answer)
	}
}

// Which uploads of account 111122223333 are refused for their canned ACL: whichever account owns the bucket, another one, or 111122223333 itself.
func TestRefusedUploads(t *testing.T) {
	for acl, want := range map[string][3]space.Answer{
		"public-read":               {space.None, space.None, space.None},
		"public-read-write":         {space.None, space.None, space.None},
		"authenticated-read":        {space.None, space.None, space.None},
		"aws-exec-read":             {space.None, space.None, space.None},
		"private":                   {space.Found, space.None, space.Found},
		"bucket-owner-read":         {space.Found, space.None, space.Found},
		"log-delivery-write":        {space.Found, space.None, space.Found},
		"bucket-owner-full-control": {space.Found, space.Found, space.Found},
	} {
		doc := parse(t, version2012(`{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*",`+
			`"Condition":{"StringEquals":{"s3:x-amz-acl":"`+acl+`"}}}`))
		for i, owner := range []string{"", "999988887777", "111122223333"} {
			if v := space.Access(doc, space.Everyone, space.Steps(space.AdmissionBudget), RefusedUploads(owner)); v.Answer != want[i] {
				t.Errorf("%s, owner %q: %v, want %v %s", acl, owner, v.Answer, want[i], v.Reason)
			}
		}
	}
}

func version2012(statements string) string {
	return `{"Version":"2012-10-17","Statement":[` + statements + `]}`
}

func parse(t *testing.T, text string) *iam.Document {
	t.Helper()
	doc, err := iam.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}
