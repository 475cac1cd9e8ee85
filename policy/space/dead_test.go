package space

import "testing"

func TestDecidesAndNeeded(t *testing.T) {
	all := `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`
	logs := `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/logs/*"}`
	denyAll := `{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}`
	denyLogs := `{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/logs/*"}`
	tests := []struct {
		name, in        string
		i               int
		decides, needed Answer
	}{
		{"alone", all, 0, Found, Found},
		{"inside another", all + "," + logs, 1, Found, None},
		{"with another inside", all + "," + logs, 0, Found, Found},
		{"twice", all + "," + all, 0, Found, None},
		{"under a Deny", logs + "," + denyLogs, 0, None, None},
		{"partly under a Deny", all + "," + denyLogs, 0, Found, Found},
		{"left of another by a Deny", all + "," + denyLogs + "," + logs, 2, None, None},
		{"a Deny", all + "," + denyLogs, 1, Found, Found},
		{"a Deny inside another", denyLogs + "," + denyAll, 0, Found, None},
		{"an impossible ARN", all + `,{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/*",` +
			`"Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:sts::111122223333:assumed-role/r/*"}}}`, 1, None, None},
		{"an address over an endpoint", `{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:*","Resource":"arn:aws:s3:::b/*",` +
			`"Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"},"StringEquals":{"aws:SourceVpce":"vpce-1"}}}`, 0, None, None},
		{"an action without its resource", `{"Effect":"Allow","Principal":"*","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b/*"}`, 0, None, None},
		{"a part of it by each of two", `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","NotResource":"arn:aws:s3:::b/logs/*"},` + all + "," + logs, 1, Found, None},
	}
	for _, tt := range tests {
		doc := parse(t, version2012(tt.in))
		d, n := Decides(doc, tt.i, Steps(AdmissionBudget)), Needed(doc, tt.i, Steps(AdmissionBudget))
		if d.Answer != tt.decides || n.Answer != tt.needed {
			t.Errorf("%s: decides %v, needed %v, want %v, %v\n%+v %s\n%+v %s", tt.name, d.Answer, n.Answer, tt.decides, tt.needed,
				d.Witness, d.Reason, n.Witness, n.Reason)
		}
		checkProofs(t, d)
		checkProofs(t, n)
	}
}
