package space

import (
	"testing"

	"github.com/bucketwarden/bucketwarden/policy/authz"
)

func TestGranted(t *testing.T) {
	const (
		grant = `{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:Put*","Resource":"arn:aws:s3:::b/*"}`
		anon  = `{"Effect":"Allow","Principal":"*","Action":"s3:Get*","Resource":"arn:aws:s3:::b/*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}`
	)
	for _, tt := range []struct {
		doc, forbidden string
		want           Answer
	}{
		{grant, `{"Effect":"Allow","Principal":"*","Action":"s3:PutObjectAcl","Resource":"*"}`, Found},
		{grant, `{"Effect":"Allow","Principal":"*","Action":"s3:DeleteObject","Resource":"*"}`, None},
		{grant, `{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"s3:PutObject","Resource":"*"}`, None},
		{grant, `{"Effect":"Allow","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::b/secret/*"}`, Found},
		{grant, `{"Effect":"Allow","Principal":"*","Action":"s3:PutObject","Resource":"*"},
			{"Effect":"Deny","Principal":{"AWS":"111122223333"},"Action":"*","Resource":"*"}`, None},
		{grant + `,{"Effect":"Deny","Principal":"*","Action":"s3:PutObjectAcl","Resource":"*"}`,
			`{"Effect":"Allow","Principal":"*","Action":"s3:PutObjectAcl","Resource":"*"}`, None},
		{anon, `{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`, None},
		{anon, `{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*","Condition":{"Null":{"aws:PrincipalOrgID":"true"}}}`, Found},
	} {
		doc, forbidden := parse(t, version2012(tt.doc)), parse(t, version2012(tt.forbidden))
		v := Granted(doc, forbidden, Steps(ample))
		if v.Answer != tt.want {
			t.Errorf("%s beside %s: %v %s %v", tt.doc, tt.forbidden, v.Answer, v.Reason, v.Witness)
		}
		checkProofs(t, v)
		if v.Answer == Found && (authz.Decide(doc, *v.Witness).Decision != authz.Allowed || authz.Decide(forbidden, *v.Witness).Decision != authz.Allowed) {
			t.Errorf("%v is no witness", v.Witness)
		}
	}
}

// What is accepted does not count, and what goes beyond it does.
func TestGrantedBeyondAccepted(t *testing.T) {
	doc := parse(t, version2012(`{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:Put*","Resource":"arn:aws:s3:::b/*"}`))
	forbidden := parse(t, version2012(`{"Effect":"Allow","Principal":"*","Action":"s3:PutObjectAcl","Resource":"*"}`))
	for accepted, want := range map[string]Answer{
		`{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:PutObjectAcl","Resource":"arn:aws:s3:::b/*"}`:   None,
		`{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:PutObjectAcl","Resource":"arn:aws:s3:::b/a/*"}`: Found,
		`{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"s3:PutObjectAcl","Resource":"arn:aws:s3:::b/*"}`:   Found,
	} {
		except := parse(t, version2012(accepted))
		v := Granted(doc, forbidden, Steps(ample), except)
		if v.Answer != want || v.Answer == Found && authz.Decide(except, *v.Witness).Decision == authz.Allowed {
			t.Errorf("%s: %v %s %v", accepted, v.Answer, v.Reason, v.Witness)
		}
		checkProofs(t, v)
	}
}
