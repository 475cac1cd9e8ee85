// Package bench runs the same two checks of a bucket policy three ways: by Bucketwarden, as Rego in OPA's library and as
// CEL in cel-go. Does it let everybody in? Does it name an action that only sets ACLs, where these are disabled?
package bench

import (
	"fmt"
	"strings"
)

// kinds are statements that the checks have to tell apart, each with what is true of it where Object Ownership is
// BucketOwnerEnforced.
var kinds = []struct {
	name, statement string
	public, acl     bool
}{
	{"one role", `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/#"},"Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::logs/#/*"}`, false, false},
	{"everybody", `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::logs/#/*"}`, true, false},
	{"everybody in a list", `{"Effect":"Allow","Principal":{"AWS":["*"]},"Action":"s3:GetObject","Resource":"arn:aws:s3:::logs/#/*"}`, true, false},
	{"one organization", `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::logs/#/*",
		"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}}`, false, false},
	{"an ACL", `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/#"},"Action":["s3:PutObject","s3:PutObjectAcl"],"Resource":"arn:aws:s3:::logs/#/*"}`, false, true},
	{"a hole by IfExists", `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::logs/#/*",
		"Condition":{"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}}`, true, false},
	{"half of the internet, twice", `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::logs/#/*",
		"Condition":{"IpAddress":{"aws:SourceIp":["0.0.0.0/1","128.0.0.0/1"]}}}`, true, false},
	{"everybody, and a Deny for all others", `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::logs/#/*"},
		{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::logs","arn:aws:s3:::logs/*"],
		"Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}}`, false, false},
	{"a web identity", `{"Effect":"Allow","Principal":{"Federated":"accounts.google.com"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::logs/#/*"}`, true, false},
}

// filler are five statements as a bucket that is in use has them, of about 1.7 KB.
var filler = func() string {
	var out []string
	for i := range 5 {
		out = append(out, fmt.Sprintf(`{
      "Sid": "Team%d",
      "Effect": "Allow",
      "Principal": {"AWS": "arn:aws:iam::111122223333:role/team-%[1]d"},
      "Action": ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"],
      "Resource": "arn:aws:s3:::logs/team-%[1]d/*",
      "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-0123456789abcdef0"}, "Bool": {"aws:SecureTransport": "true"}}
    }`, i))
	}
	return strings.Join(out, ",\n    ")
}()

// document returns the policy of one file: a statement of a kind among others, about 2 KB.
func document(kind, file int) string {
	statement := strings.ReplaceAll(kinds[kind].statement, "#", fmt.Sprintf("file-%d", file))
	return "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    " + filler + ",\n    " + statement + "\n  ]\n}\n"
}

// corpus returns n policies of all kinds in turn.
func corpus(n int) []string {
	var out []string
	for i := range n {
		out = append(out, document(i%len(kinds), i))
	}
	return out
}
