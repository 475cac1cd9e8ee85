package public

import (
	"testing"

	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

func parse(t testing.TB, s string) *iam.Document {
	t.Helper()
	d, err := iam.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func checkProofs(t *testing.T, v space.Verdict) {
	t.Helper()
	for _, c := range v.Proofs {
		if err := c.Check(space.Steps(1_000_000)); err != nil {
			t.Errorf("%s: %v", c.Subject, err)
		}
	}
}

func allowIf(conditions string) string {
	return `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{` + conditions + `}}`
}

func allowTo(principal string) string {
	return `{"Effect":"Allow","Principal":` + principal + `,"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`
}

func version2012(statements string) string {
	return `{"Version":"2012-10-17","Statement":[` + statements + `]}`
}
