package authz

import (
	"fmt"
	"strings"
	"testing"
)

// seedSized is what most buckets have: one grant, one guard.
const seedSized = `{"Version":"2012-10-17","Statement":[
  {"Sid":"Write","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":["s3:PutObject","s3:PutObjectAcl"],
   "Resource":"arn:aws:s3:::logs/*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5","s3:x-amz-acl":"bucket-owner-full-control"}}},
  {"Sid":"TLS","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::logs","arn:aws:s3:::logs/*"],
   "Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`

// large is a document of 60 statements and about 20 KB, S3's limit.
func large() string {
	var b strings.Builder
	b.WriteString(`{"Version":"2012-10-17","Statement":[`)
	for i := range 60 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"Sid":"Team%02d","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::4444555566%02d:root","arn:aws:iam::111122223333:role/team-%02d"]},`+
			`"Action":["s3:GetObject","s3:PutObject","s3:DeleteObject"],"Resource":["arn:aws:s3:::lake/team-%02d/*","arn:aws:s3:::lake/*/shared/%02d-*.parquet"],`+
			`"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"},"IpAddress":{"aws:SourceIp":["10.%d.0.0/16"]}}}`, i, i, i, i, i, i)
	}
	b.WriteString("]}")
	return b.String()
}

func BenchmarkDecide(b *testing.B) {
	documents := []struct{ name, text, resource string }{
		{"seed", seedSized, "arn:aws:s3:::logs/a/b/c"},
		{"20KB", large(), "arn:aws:s3:::lake/team-59/part-0001.parquet"},
		{"stars", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/` +
			strings.Repeat("*a", 60) + `b"}]}`, "arn:aws:s3:::b/" + strings.Repeat("a", 1000)},
	}
	for _, d := range documents {
		doc := parse(b, d.text)
		req := Request{
			Principal: "arn:aws:sts::111122223333:assumed-role/team-59/session", Action: "s3:PutObject", Resource: d.resource,
			Context: Context{
				"aws:PrincipalOrgID": {"o-a1b2c3d4e5"}, "aws:SourceIp": {"10.59.3.4"}, "aws:SecureTransport": {"true"},
				"s3:x-amz-acl": {"bucket-owner-full-control"},
			},
		}
		b.Run(fmt.Sprintf("%s-%d", d.name, len(d.text)), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Decide(doc, req)
			}
		})
	}
}
