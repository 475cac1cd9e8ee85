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
		v := Undenied(parse(t, version2012(tt.old)), parse(t, version2012(tt.new)), Steps(ample))
		if v.Answer != tt.want {
			t.Errorf("%s to %s: %v %s %v", tt.old, tt.new, v.Answer, v.Reason, v.Witness)
		}
		checkProofs(t, v)
	}
}

// A Version changes what a variable means and nothing else, also one that an escape hides.
func TestSameLanguage(t *testing.T) {
	const list = `"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringLike":{"aws:TagKeys":`
	for _, tt := range []struct {
		value string
		want  Answer
	}{
		{`"a"`, None}, // whatever AWS makes of a list without a set operator
		{`"${aws:username}"`, Undecided},
		{`"\u0024{aws:username}"`, Undecided},
	} {
		old, new := parse(t, `{"Statement":{`+list+tt.value+`}}}}`), parse(t, version2012(`{`+list+tt.value+`}}}`))
		if v := Undenied(old, new, Steps(ample)); v.Answer != tt.want {
			t.Errorf("%s: %v %s", tt.value, v.Answer, v.Reason)
		}
	}
}
