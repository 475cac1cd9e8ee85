package space

import (
	"fmt"
	"strings"
	"testing"
)

// teams returns a document of n statements of about 330 bytes.
func teams(n int, action string) string {
	var s []string
	for i := range n {
		s = append(s, fmt.Sprintf(`{"Sid":"Team%d","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/team-%[1]d"},`+
			`"Action":["s3:GetObject",%[2]q],"Resource":"arn:aws:s3:::logs/team-%[1]d/*",`+
			`"Condition":{"StringEquals":{"aws:SourceVpce":"vpce-0123456789abcdef0"},"Bool":{"aws:SecureTransport":"true"}}}`, i, action))
	}
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(s, ",") + `]}`
}

func BenchmarkNewAccess(b *testing.B) {
	for _, c := range []struct {
		name     string
		old, new string
		want     Answer
	}{
		{"seed/same", teams(2, "s3:PutObject"), teams(2, "s3:PutObject"), None},
		{"2KB/same", teams(6, "s3:PutObject"), teams(6, "s3:PutObject"), None},
		{"20KB/same", teams(60, "s3:PutObject"), teams(60, "s3:PutObject"), None},
		{"20KB/one-removed", teams(60, "s3:PutObject"), teams(59, "s3:PutObject"), None},
		{"20KB/one-added", teams(59, "s3:PutObject"), teams(60, "s3:PutObject"), Found},
		{"20KB/all-edited", teams(60, "s3:PutObject"), teams(60, "s3:GetObject"), None},
	} {
		b.Run(c.name, func(b *testing.B) {
			old, new := parse(b, c.old), parse(b, c.new)
			b.ReportAllocs()
			for b.Loop() {
				if v := NewAccess(old, new, AdmissionBudget); v.Answer != c.want {
					b.Fatal(v.Answer, v.Reason)
				}
			}
		})
	}
}

func BenchmarkPublic(b *testing.B) {
	for _, n := range []int{2, 6, 60} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			doc := parse(b, teams(n, "s3:PutObject"))
			for b.Loop() {
				if v := Public(doc, AdmissionBudget); v.Answer != None {
					b.Fatal(v.Answer, v.Reason)
				}
			}
		})
	}
}
