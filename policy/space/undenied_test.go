package space

import "testing"

func TestUndenied(t *testing.T) {
	const (
		allow = `{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`
		all   = `{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}`
		deny  = `{"Effect":"Deny","Principal":"*","Action":"s3:DeleteObject","Resource":"arn:aws:s3:::b/*"}`
		wider = `{"Effect":"Deny","Principal":"*","Action":"s3:Delete*","Resource":"*"}`
		http  = `{"Effect":"Deny","Principal":"*","Action":"s3:DeleteObject","Resource":"arn:aws:s3:::b/*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`
		dead  = `{"Effect":"Deny","Principal":"*","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b/*"}`
	)
	for _, tt := range []struct {
		old, new string
		want     Answer
	}{
		{allow + "," + deny, allow, Found}, // though nothing allows it here
		{all + "," + deny, all, Found},     // and though everything is allowed here
		{allow + "," + deny, allow + "," + wider, None},
		{allow + "," + deny + "," + http, allow + "," + deny, None},
		{allow + "," + deny, allow + "," + http, Found},
		{allow + "," + dead, allow, None},
		{allow, deny, None},
		{allow + `,{"Effect":"Deny","Principal":"*","Action":"*","Resource":"arn:aws:s3:::b/${aws:PrincipalTag/team}/*"}`, allow, Found}, // shown with a value
	} {
		v := Undenied(parse(t, version2012(tt.old)), parse(t, version2012(tt.new)), CommandBudget)
		if v.Answer != tt.want {
			t.Errorf("%s to %s: %v %s %v", tt.old, tt.new, v.Answer, v.Reason, v.Witness)
		}
		checkProofs(t, v)
	}
}
