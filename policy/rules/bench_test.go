package rules_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/rules"
)

// BenchmarkRun judges documents with the whole catalogue, parsing included. The hostile ones are made of what costs most:
// names to look for suggestions for, actions that no resource fits, findings of every kind.
func BenchmarkRun(b *testing.B) {
	repeat := func(n int, format string) string {
		var out []string
		for i := range n {
			out = append(out, strings.ReplaceAll(format, "#", fmt.Sprintf("%04d", i)))
		}
		return strings.Join(out, ",")
	}
	document := func(statements string) string { return `{"Version":"2012-10-17","Statement":[` + statements + `]}` }
	statement := func(actions, resources string) string {
		return `{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":[` + actions + `],"Resource":[` + resources + `]}`
	}
	services := ""
	for _, place := range []string{"east", "west", "north", "south"} {
		for n := range 4 {
			services += fmt.Sprintf(`,"delivery.logs.eu-%s-%d.amazonaws.com"`, place, n+1)
		}
	}
	const usual = `{"Sid":"S#","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/team-#"},
		"Action":["s3:GetObject","s3:PutObject","s3:PutObjectAcl"],"Resource":"arn:aws:s3:::logs/team-#/*",
		"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"},"Bool":{"aws:SecureTransport":"true"}}}`
	bucket := policy.Bucket{
		Name:      policy.Fact[string]{Value: "logs", Origin: policy.Declared},
		Ownership: policy.Fact[policy.Ownership]{Value: policy.BucketOwnerEnforced, Origin: policy.Declared},
	}
	for _, bm := range []struct{ name, text string }{
		{"usual/2statements", document(repeat(2, usual))},
		{"usual/20KB", document(repeat(55, usual))},
		{"hostile/unknown-actions", document(statement(repeat(1100, `"s3:GetObj#Acl"`), `"arn:aws:s3:::logs/*"`))},
		{"hostile/patterns", document(statement(repeat(1100, `"s3:*#*t*"`), `"arn:aws:s3:::logs/*"`))},
		{"hostile/resources", document(statement(repeat(600, `"s3:ListBucket"`), repeat(380, `"arn:aws:s3:::l*/#/*"`)))},
		{"hostile/sids", document(repeat(160, `{"Sid":"a b","Effect":"Allow","Principal":"*","Action":"s3:Put*","Resource":"*"}`))},
		{"hostile/services", document(`{"Effect":"Allow","Principal":{"Service":[` + services[1:] +
			`]},"Action":[` + repeat(500, `"s3:*#*t*"`) + `],"Resource":[` + repeat(300, `"arn:aws:s3:::logs/*/#/*"`) + `]}`)},
		{"hostile/largest", document(statement(repeat(iam.MaxSize/20, `"s3:GetObj#Acl"`), `"arn:aws:s3:::logs/*"`))},
	} {
		b.Run(bm.name, func(b *testing.B) {
			b.SetBytes(int64(len(bm.text)))
			b.ReportAllocs()
			for b.Loop() {
				policy.Run(rules.All, policy.NewInput(policy.BucketPolicy, bm.text, bucket))
			}
		})
	}
}

// typical is a policy as a careful team writes it, of 2 KB: nothing is wrong with it but details.
const typical = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "DenyInsecureTransport",
      "Effect": "Deny",
      "Principal": "*",
      "Action": "s3:*",
      "Resource": ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"],
      "Condition": {"Bool": {"aws:SecureTransport": "false"}}
    },
    {
      "Sid": "ReadByTheOrganization",
      "Effect": "Allow",
      "Principal": "*",
      "Action": ["s3:GetObject", "s3:ListBucket"],
      "Resource": ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"],
      "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
    },
    {
      "Sid": "WriteByTheApplication",
      "Effect": "Allow",
      "Principal": {"AWS": ["arn:aws:iam::111122223333:role/writer", "arn:aws:iam::111122223333:role/backup"]},
      "Action": ["s3:PutObject", "s3:AbortMultipartUpload", "s3:PutObjectTagging"],
      "Resource": "arn:aws:s3:::logs/app/*",
      "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-0123456789abcdef0"}, "StringLike": {"s3:x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:eu-central-1:111122223333:key/*"}}
    },
    {
      "Sid": "CloudTrailAcl",
      "Effect": "Allow",
      "Principal": {"Service": "cloudtrail.amazonaws.com"},
      "Action": "s3:GetBucketAcl",
      "Resource": "arn:aws:s3:::logs",
      "Condition": {"StringEquals": {"aws:SourceArn": "arn:aws:cloudtrail:eu-central-1:111122223333:trail/main"}}
    },
    {
      "Sid": "CloudTrailWrite",
      "Effect": "Allow",
      "Principal": {"Service": "cloudtrail.amazonaws.com"},
      "Action": "s3:PutObject",
      "Resource": "arn:aws:s3:::logs/AWSLogs/111122223333/*",
      "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": "arn:aws:cloudtrail:eu-central-1:111122223333:trail/main"}}
    }
  ]
}`

// BenchmarkTypical says what judging a usual policy costs: parsing, the whole catalogue, and each rule.
func BenchmarkTypical(b *testing.B) {
	bucket := policy.Bucket{
		Name:      policy.Fact[string]{Value: "logs", Origin: policy.Declared},
		Ownership: policy.Fact[policy.Ownership]{Value: policy.BucketOwnerEnforced, Origin: policy.Declared},
	}
	b.Run("parse", func(b *testing.B) {
		for b.Loop() {
			policy.NewInput(policy.BucketPolicy, typical, bucket)
		}
	})
	in := policy.NewInput(policy.BucketPolicy, typical, bucket)
	b.Run("all", func(b *testing.B) {
		for b.Loop() {
			policy.Run(rules.All, in)
		}
	})
	for _, r := range rules.All {
		b.Run(r.ID, func(b *testing.B) {
			for b.Loop() {
				r.Check(in)
			}
		})
	}
}
