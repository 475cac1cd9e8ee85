package space

import (
	"fmt"
	"testing"
)

// TestPartitions: an account of one partition is not that of another with the same number, and an escape spells it too.
func TestPartitions(t *testing.T) {
	const allow = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":%s},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}}`
	for _, tt := range []struct{ old, new string }{
		{`"arn:aws:iam::111122223333:root"`, `["arn:aws:iam::111122223333:root","arn:aws-cn:iam::111122223333:root"]`},
		{`"arn:aws:iam::111122223333:root"`, `["arn:aws:iam::111122223333:root","arn:aws:iam::11112222333\u0034:root"]`},
	} {
		old, new := parse(t, fmt.Sprintf(allow, tt.old)), parse(t, fmt.Sprintf(allow, tt.new))
		if v := NewAccess(old, new, CommandBudget); v.Answer != Found {
			t.Errorf("%s: %v %s", tt.new, v.Answer, v.Reason)
		}
	}
}
