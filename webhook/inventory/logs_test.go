package inventory

import (
	"fmt"
	"testing"

	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// TestLogBucket lists what is known of the bucket that logs are written to, as TestBucket does: that bucket's Object Ownership,
// and not that of the bucket which is logged.
func TestLogBucket(t *testing.T) {
	logging := func(target m) m {
		target["bucket"] = "app"
		target["targetGrant"] = []any{m{"permission": "READ", "grantee": m{"id": "reader"}}}
		return object(upboundLogging, "l", m{"forProvider": target})
	}
	rule := func(name, bucket, setting string) m {
		return object(upboundOwnership, name, m{"forProvider": m{"bucket": bucket, "rule": m{"objectOwnership": setting}}})
	}
	enforced := rule("o", "audit", "BucketOwnerEnforced")
	target := labelled(object(upboundBucket, "audit", m{}), m{"for": "logs"})
	classic := func(target m) m {
		target["targetGrants"] = []any{m{"bucketLogsPermission": "READ", "targetGrantee": m{"ID": "reader"}}}
		return object(classicBucket, "app", m{"forProvider": m{"objectOwnership": "BucketOwnerEnforced", "loggingConfiguration": target}})
	}
	const audit = "ownership=BucketOwnerEnforced (BucketOwnershipControls o) name=audit"
	tests := []struct {
		name   string
		object m
		beside []m
		want   string
	}{
		{"no grants", object(upboundLogging, "l", m{"forProvider": m{"bucket": "app", "targetBucket": "audit"}}), []m{enforced}, "none"},
		{"by name", logging(m{"targetBucket": "audit"}), []m{enforced, rule("p", "app", "ObjectWriter")},
			audit + " (spec.forProvider.targetBucket) 1 grants"},
		{"by reference", logging(m{"targetBucketRef": m{"name": "audit"}}), []m{enforced, target},
			audit + " (the Bucket it refers to) 1 grants"},
		{"by labels", logging(m{"targetBucketSelector": m{"matchLabels": m{"for": "logs"}}}), []m{enforced, target},
			audit + " (the Bucket it refers to) 1 grants"},
		{"of another bucket", logging(m{"targetBucket": "other"}), []m{enforced}, "name=other (spec.forProvider.targetBucket) 1 grants"},
		{"a Bucket that logs elsewhere", classic(m{"targetBucket": "audit"}), []m{rule("o", "audit", "ObjectWriter")},
			"ownership=ObjectWriter (BucketOwnershipControls o) name=audit (spec.forProvider.loggingConfiguration.targetBucket) 1 grants"},
		{"a Bucket that logs to itself", classic(m{"targetBucket": "app"}), nil,
			"ownership=BucketOwnerEnforced (spec.forProvider.objectOwnership) name=app (metadata.name) 1 grants"},
		{"the same by reference", classic(m{"targetBucketRef": m{"name": "app"}}), nil,
			"ownership=BucketOwnerEnforced (spec.forProvider.objectOwnership) name=app (metadata.name) 1 grants"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			index := &Index{}
			for _, obj := range append(tt.beside, tt.object) {
				index.Set(obj)
			}
			reading, _, err := source.Read(tt.object)
			if err != nil {
				t.Fatal(err)
			}
			got := "none"
			if b, ok := index.LogBucket(tt.object, reading); ok {
				got = fmt.Sprint(show(b), " ", len(b.ObjectACL.Value.Grants), " grants")
				if b.Ownership.Here() || !b.ObjectACL.Value.Logs {
					t.Errorf("the logs' bucket declares its ownership here, or its ACL is not of logs: %+v", b)
				}
			}
			if got != tt.want {
				t.Errorf("%s\nwant %s", got, tt.want)
			}
		})
	}
}

// An object may be written by another account than the one that its bucket is in.
func TestObjectSaysNothingOfTheAccount(t *testing.T) {
	index := &Index{}
	index.Set(config(upboundConfig, "default", "444455556666"))
	index.Set(object(upboundObject, "terms", m{"forProvider": m{"bucket": "logs", "key": "terms.html"}}))
	policyOf := object(upboundPolicy, "p", m{"forProvider": m{"bucket": "logs"}, "providerConfigRef": m{"name": "unknown"}})
	reading, _, err := source.Read(policyOf)
	if err != nil {
		t.Fatal(err)
	}
	if owner := index.Bucket(policyOf, reading).Owner; owner.Value != "" {
		t.Errorf("the account is %v", owner)
	}
}
