package space

import "testing"

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
		effect, outcome Answer
	}{
		{"setting object ACLs (B4, B5)", grant("111122223333", `["s3:GetObject","s3:PutObjectAcl","s3:PutObjectVersionAcl"]`, ""), get, None, Found},
		{"setting bucket ACLs", grant("111122223333", `["s3:GetObject","s3:PutBucketAcl"]`, ""), get, None, Found},
		{"setting a foreign ACL (B4)", grant("111122223333", `"s3:PutObjectAcl"`, `"StringEquals":{"s3:x-amz-acl":"public-read"}`),
			get, None, None},
		{"setting the owner's ACL (B5)", grant("111122223333", `["s3:GetObject","s3:PutObjectAcl"]`, `"StringEqualsIfExists":{"s3:x-amz-acl":"bucket-owner-full-control"}`),
			grant("111122223333", `"s3:GetObject"`, ""), None, Found},
		{"reading ACLs (B6)", grant("111122223333", `["s3:GetObject","s3:GetObjectAcl"]`, ""), get, Found, Found},
		{"writing without a word of ACLs (B3)", grant("111122223333", `["s3:GetObject","s3:PutObject"]`, ""), get, Found, Found},
		{"writing with a foreign ACL (B1)", version2012(`{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*",` +
			`"Condition":{"StringEquals":{"s3:x-amz-acl":"private"}}},{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}`),
			version2012(`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}`), None, None},
		{"writing with the owner's ACL (B3)", version2012(`{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*",` +
			`"Condition":{"StringEquals":{"s3:x-amz-acl":"bucket-owner-full-control"}}}`), get, Found, Found},
		{"the owner's account writing with private (B2)", version2012(`{"Effect":"Allow","Principal":{"AWS":"` + owner + `"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*",` +
			`"Condition":{"StringEquals":{"s3:x-amz-acl":"private"}}}`), get, Found, Found},
		{"nothing", get, get, None, None},
	}
	for _, tt := range tests {
		for grade, want := range map[Grade]Answer{Effect: tt.effect, Outcome: tt.outcome} {
			v := NewAccess(parse(t, tt.new), parse(t, tt.old), Steps(AdmissionBudget), Refusals(grade, owner))
			if v.Answer != want {
				t.Errorf("%s, grade %d: %v, want %v: %+v %s", tt.name, grade, v.Answer, want, v.Witness, v.Reason)
			}
			checkProofs(t, v)
		}
	}
}

// Without knowing the owner, nobody is known to be of another account.
func TestRefusalsWithoutOwner(t *testing.T) {
	old := version2012(`{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*",` +
		`"Condition":{"StringEquals":{"s3:x-amz-acl":"private"}}}`)
	new := version2012(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}`)
	if v := NewAccess(parse(t, new), parse(t, old), Steps(AdmissionBudget), Refusals(Effect, "")); v.Answer != Found {
		t.Errorf("%v, want found", v.Answer)
	}
}

// Which uploads of account 111122223333 are refused for their canned ACL: whoever owns the bucket, of another's, of his own.
func TestRefusedUploads(t *testing.T) {
	for acl, want := range map[string][3]Answer{
		"public-read":               {None, None, None},
		"public-read-write":         {None, None, None},
		"authenticated-read":        {None, None, None},
		"aws-exec-read":             {None, None, None},
		"private":                   {Found, None, Found},
		"bucket-owner-read":         {Found, None, Found},
		"log-delivery-write":        {Found, None, Found},
		"bucket-owner-full-control": {Found, Found, Found},
	} {
		doc := parse(t, version2012(`{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*",`+
			`"Condition":{"StringEquals":{"s3:x-amz-acl":"`+acl+`"}}}`))
		for i, owner := range []string{"", "999988887777", "111122223333"} {
			if v := Access(doc, Everyone, Steps(AdmissionBudget), RefusedUploads(owner)); v.Answer != want[i] {
				t.Errorf("%s, owner %q: %v, want %v %s", acl, owner, v.Answer, want[i], v.Reason)
			}
		}
	}
}
