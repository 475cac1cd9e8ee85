package fix_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/fix"
)

// teams returns a document of n statements of about 330 bytes, of which the first few have other actions.
func teams(n, others int, actions string) string {
	var s []string
	for i := range n {
		mine := `"s3:GetObject","s3:PutObject"`
		if i < others {
			mine = actions
		}
		s = append(s, fmt.Sprintf(`{"Sid":"Team%d","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/team-%[1]d"},`+
			`"Action":[%[2]s],"Resource":"arn:aws:s3:::logs/team-%[1]d/*",`+
			`"Condition":{"StringEquals":{"aws:SourceVpce":"vpce-0123456789abcdef0"},"Bool":{"aws:SecureTransport":"true"}}}`, i, mine))
	}
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(s, ",") + `]}`
}

// BenchmarkProve is what a patch pays beside the review: the questions, and the check of every certificate.
func BenchmarkProve(b *testing.B) {
	enforced := policy.Bucket{Ownership: policy.Fact[policy.Ownership]{Value: policy.BucketOwnerEnforced, Origin: policy.Declared}}
	const plain, withACL, dead = `"s3:GetObject","s3:PutObject"`, `"s3:GetObject","s3:PutObject","s3:PutObjectAcl"`,
		`"s3:GetObject","s3:PutObject","s3:ListBucket"`
	for _, c := range []struct {
		name, before string
		n, edited    int
		want         fix.Grade
	}{
		{"acl-action/2KB", withACL, 6, 1, fix.EffectEquivalent},
		{"acl-action/20KB", withACL, 55, 1, fix.EffectEquivalent},
		{"acl-action-everywhere/20KB", withACL, 55, 55, fix.EffectEquivalent},
		{"dead-action/2KB", dead, 6, 1, fix.OutcomeEquivalent},
		{"dead-action/20KB", dead, 55, 1, fix.OutcomeEquivalent},
	} {
		b.Run(c.name, func(b *testing.B) {
			old, new := parse(b, teams(c.n, c.edited, c.before)), parse(b, teams(c.n, c.edited, plain))
			b.ReportAllocs()
			for b.Loop() {
				p, err := fix.Prove(policy.Input{Kind: policy.BucketPolicy, Document: old, Bucket: enforced}, new, policy.Equivalent)
				if err != nil || p.Grade != c.want {
					b.Fatal(p, err)
				}
			}
		})
	}
}
