package inventory

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// TestBucket lists what is known of a bucket, as "setting=value (from)".
func TestBucket(t *testing.T) {
	rule := func(setting string) m {
		return m{"forProvider": m{"bucket": "logs", "rule": m{"objectOwnership": setting}}}
	}
	acl := func(canned string) m { return m{"forProvider": m{"bucket": "logs", "acl": canned}} }
	block := func(on bool) m { return m{"forProvider": m{"bucket": "logs", "blockPublicPolicy": on}} }
	observe := func(spec m) m {
		spec["managementPolicies"] = []any{"Observe"}
		return spec
	}
	policyOf := object(upboundPolicy, "p", m{"forProvider": m{"bucket": "logs", "region": "eu-central-1"}})
	const alone = "name=logs (spec.forProvider.bucket) region=eu-central-1 (spec.forProvider.region)"
	deleting := object(upboundOwnership, "o", rule("BucketOwnerEnforced"))
	deleting["metadata"].(m)["deletionTimestamp"] = "2024-05-01T12:00:00Z"
	tests := []struct {
		name   string
		object m
		beside []m
		want   string
	}{
		{"alone", policyOf, nil, alone},
		{"ownership beside", policyOf, []m{object(upboundOwnership, "o", rule("ObjectWriter"))},
			"ownership=ObjectWriter (BucketOwnershipControls o) " + alone},
		{"said twice", policyOf,
			[]m{object(upboundOwnership, "o", rule("ObjectWriter")), object(upboundOwnership, "q", rule("ObjectWriter"))},
			"ownership=ObjectWriter (BucketOwnershipControls o) " + alone},
		{"contradicted", policyOf,
			[]m{object(upboundOwnership, "o", rule("ObjectWriter")), object(upboundOwnership, "q", rule("BucketOwnerEnforced"))},
			"ownership=? (BucketOwnershipControls o contradicts BucketOwnershipControls q) " + alone},
		{"contradicted, then said again", policyOf,
			[]m{
				object(upboundOwnership, "o", rule("ObjectWriter")), object(upboundOwnership, "q", rule("BucketOwnerEnforced")),
				object(upboundOwnership, "r", rule("BucketOwnerEnforced")),
			},
			"ownership=? (BucketOwnershipControls o contradicts BucketOwnershipControls q) " + alone},
		{"only observed", policyOf, []m{object(upboundOwnership, "o", observe(rule("ObjectWriter")))}, alone},
		{"on its way out", policyOf, []m{deleting}, alone},
		{"the object itself against a sibling", object(upboundOwnership, "p", rule("BucketOwnerEnforced")),
			[]m{object(upboundOwnership, "o", rule("ObjectWriter"))},
			"ownership=? (spec.forProvider.rule.objectOwnership contradicts BucketOwnershipControls o) name=logs (spec.forProvider.bucket)"},
		{"an ACL of the object itself stands", object(upboundACL, "p", acl("public-read")), []m{object(upboundACL, "o", acl("private"))},
			"acl=public-read (spec.forProvider.acl) name=logs (spec.forProvider.bucket)"},
		{"two ACLs beside", policyOf, []m{object(upboundACL, "o", acl("private")), object(upboundACL, "q", acl("public-read"))},
			"acl=? (BucketACL o contradicts BucketACL q) " + alone},
		{"a block of the object itself stands", object(upboundBlock, "p", block(true)), []m{object(upboundBlock, "o", block(false))},
			"block=true (spec.forProvider) name=logs (spec.forProvider.bucket)"},
		{"two blocks beside", policyOf, []m{object(upboundBlock, "o", block(true)), object(upboundBlock, "q", block(false))},
			"block=? (BucketPublicAccessBlock o contradicts BucketPublicAccessBlock q) " + alone},
		{"an ACK Bucket beside", policyOf, []m{object(ackBucket, "team/x", m{
			"name": "logs", "grantRead": `uri="http://acs.amazonaws.com/groups/s3/LogDelivery"`,
			"ownershipControls": m{"rules": []any{m{"objectOwnership": "BucketOwnerPreferred"}}},
		})}, "ownership=BucketOwnerPreferred (Bucket team/x) acl=1 grants (Bucket team/x) block=false (Bucket team/x) " + alone},
		{"created with, and nothing else", object(ackBucket, "team/x", m{"name": "logs", "objectOwnership": "BucketOwnerEnforced"}),
			nil, "block=false (the object) name=logs (spec.name)"},
		{"by reference", object(upboundPolicy, "p", m{"forProvider": m{"bucketRef": m{"name": "b"}}}),
			[]m{object(upboundBucket, "b", m{})}, "name=b (the Bucket it refers to)"},
		{"an account's block is its own", object(upboundAccountPAB, "p", m{"forProvider": m{"blockPublicPolicy": true}}), nil,
			"block=true (spec.forProvider)"},
		{"and no bucket's", object(upboundBucket, "b", m{}), []m{object(upboundAccountPAB, "p", m{"forProvider": m{"blockPublicPolicy": true}})},
			"name=b (metadata.name)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := show(bucketOf(t, tt.object, tt.beside)); got != tt.want {
				t.Errorf("%s\nwant %s", got, tt.want)
			}
		})
	}
}

// bucketOf is what an object and those beside it say.
func bucketOf(t *testing.T, object m, beside []m) policy.Bucket {
	t.Helper()
	index := &Index{}
	for _, obj := range beside {
		index.Set(obj)
	}
	reading, _, err := source.Read(object)
	if err != nil {
		t.Fatal(err)
	}
	return index.Bucket(object, reading)
}

func show(b policy.Bucket) string {
	var parts []string
	add(&parts, "ownership", b.Ownership, func(o policy.Ownership) string { return string(o) })
	add(&parts, "acl", b.ACL, func(a policy.ACL) string {
		if a.Canned != "" {
			return a.Canned
		}
		return fmt.Sprint(len(a.Grants), " grants")
	})
	add(&parts, "block", b.PublicAccessBlock, func(p policy.PublicAccessBlock) string { return fmt.Sprint(*p.BlockPublicPolicy) })
	plain := func(s string) string { return s }
	add(&parts, "name", b.Name, plain)
	add(&parts, "owner", b.Owner, plain)
	add(&parts, "region", b.Region, plain)
	return strings.Join(parts, " ")
}

func add[T any](parts *[]string, name string, f policy.Fact[T], value func(T) string) {
	switch {
	case f.Known():
		*parts = append(*parts, fmt.Sprintf("%s=%s (%s)", name, value(f.Value), f.From))
	case f.From != "":
		*parts = append(*parts, fmt.Sprintf("%s=? (%s)", name, f.From))
	}
}

// Settings that stand beside the bucket are the bucket's. Where nothing stands there, AWS has them off; the object that is for
// one stands, whatever others say.
func TestFeatures(t *testing.T) {
	status := func(s string) m {
		return m{"forProvider": m{"bucket": "logs", "versioningConfiguration": m{"status": s}}}
	}
	bucket := object(upboundBucket, "logs", m{})
	watched := status("Enabled")
	watched["managementPolicies"] = []any{"Observe"}
	locked := object(upboundBucket, "logs", m{"forProvider": m{"objectLockEnabled": true}})
	logging := object(upboundLogging, "o", m{"forProvider": m{"bucketRef": m{"name": "logs"}, "targetBucketRef": m{"name": "trail"}}})
	for _, tt := range []struct {
		name   string
		object m
		beside []m
		want   string
	}{
		{"nothing", bucket, nil, "versioning=2 log=2 key=2 lock=2 abort=2"},
		{"some", bucket, []m{object(upboundVersioning, "o", status("Enabled")), logging},
			"versioning=5 Enabled (BucketVersioning o) log=5 object trail (BucketLogging o) key=2 lock=2 abort=2"},
		{"off", bucket, []m{object(upboundVersioning, "o", status("Suspended"))},
			"versioning=5 (BucketVersioning o) log=2 key=2 lock=2 abort=2"},
		{"contradicted", bucket, []m{object(upboundVersioning, "o", status("Suspended")), object(upboundVersioning, "q", status("Enabled"))},
			"versioning=1 (BucketVersioning o contradicts BucketVersioning q) log=2 key=2 lock=2 abort=2"},
		{"its own", locked, nil, "versioning=2 log=2 key=2 lock=6 Enabled (spec.forProvider.objectLockEnabled) abort=2"},
		{"only observed", bucket, []m{object(upboundVersioning, "o", watched)}, "versioning=2 log=2 key=2 lock=2 abort=2"},
		{"the setting itself", object(upboundVersioning, "p", status("Suspended")), []m{bucket, object(upboundVersioning, "o", status("Enabled")), logging},
			"versioning=6 (spec.forProvider.versioningConfiguration.status) log=5 object trail (BucketLogging o) key=0 lock=0 abort=0"},
		{"an ACK Bucket", object(ackBucket, "team/x", m{"name": "logs", "versioning": m{"status": "Enabled"}}),
			[]m{object(upboundVersioning, "o", status("Suspended"))},
			"versioning=6 Enabled (spec.versioning.status) log=6 (spec.logging.loggingEnabled.targetBucket) " +
				"key=6 (spec.encryption.rules.applyServerSideEncryptionByDefault.kmsMasterKeyID) " +
				"lock=6 (spec.objectLockEnabledForBucket) abort=6 (spec.lifecycle.rules)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			known := bucketOf(t, tt.object, tt.beside)
			var got []string
			for i, f := range known.Features.All() {
				text := fmt.Sprint([]string{"versioning", "log", "key", "lock", "abort"}[i], "=", f.Origin)
				if f.Value != "" {
					text += " " + f.Value
				}
				if f.From != "" {
					text += " (" + f.From + ")"
				}
				got = append(got, text)
			}
			if got := strings.Join(got, " "); got != tt.want {
				t.Errorf("%s\nwant %s", got, tt.want)
			}
		})
	}
}
