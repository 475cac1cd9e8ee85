package inventory

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// TestRivals lists which other objects manage what an object does: "setting by object at field".
func TestRivals(t *testing.T) {
	const text = `{"Version": "2012-10-17", "Statement": []}`
	policyOf := func(kind, name, bucket string) m {
		return object(kind, name, m{"forProvider": m{"bucket": bucket, "policy": text}})
	}
	ownership := func(name, setting string) m {
		return object(upboundOwnership, name, m{"forProvider": m{"bucket": "logs", "rule": m{"objectOwnership": setting}}})
	}
	block := func(name string, switches m) m {
		switches["bucket"] = "logs"
		return object(upboundBlock, name, m{"forProvider": switches})
	}
	ack := object(ackBucket, "team/logs", m{"name": "logs", "policy": text})
	observed := policyOf(upboundPolicy, "seen", "logs")
	observed["spec"].(m)["managementPolicies"] = []any{"Observe"}
	going := policyOf(upboundPolicy, "going", "logs")
	going["metadata"].(m)["deletionTimestamp"] = "2026-01-01T00:00:00Z"
	initial := object(upboundPolicy, "initial", m{"initProvider": m{"policy": text}, "forProvider": m{"bucket": "logs"}})
	access := object(upboundAccess, "point", m{"forProvider": m{"bucket": "logs", "policy": text}})
	for _, tt := range []struct {
		name   string
		object m
		beside []m
		want   string
	}{
		{"alone", policyOf(upboundPolicy, "a", "logs"), []m{policyOf(upboundPolicy, "b", "other")}, ""},
		{"itself", policyOf(upboundPolicy, "a", "logs"), []m{policyOf(upboundPolicy, "a", "logs")}, ""},
		{"two policies", policyOf(upboundPolicy, "a", "logs"), []m{policyOf(upboundPolicy, "b", "logs")},
			"policy by BucketPolicy b at spec.forProvider.policy"},
		{"the first of three", policyOf(upboundPolicy, "a", "logs"), []m{policyOf(upboundPolicy, "c", "logs"), policyOf(upboundPolicy, "b", "logs")},
			"policy by BucketPolicy b at spec.forProvider.policy"},
		{"of another provider", policyOf(upboundPolicy, "a", "logs"), []m{ack}, "policy by Bucket team/logs at spec.forProvider.policy"},
		{"the other way round", ack, []m{policyOf(upboundPolicy, "a", "logs")}, "policy by BucketPolicy a at spec.policy"},
		{"at first alone", policyOf(upboundPolicy, "a", "logs"), []m{initial}, "policy by BucketPolicy initial at spec.forProvider.policy"},
		{"by a reference", object(upboundPolicy, "a", m{"forProvider": m{"bucketRef": m{"name": "logs"}, "policy": text}}),
			[]m{object(upboundBucket, "logs", m{}), policyOf(upboundPolicy, "b", "logs")}, "policy by BucketPolicy b at spec.forProvider.policy"},
		{"only observed", policyOf(upboundPolicy, "a", "logs"), []m{observed}, ""},
		{"observing", observed, []m{policyOf(upboundPolicy, "a", "logs")}, ""},
		{"going", policyOf(upboundPolicy, "a", "logs"), []m{going}, ""},
		{"an access point's", policyOf(upboundPolicy, "a", "logs"), []m{access}, ""},
		{"a template", policyOf(upboundPolicy, "a", "${cluster}-logs"), []m{policyOf(upboundPolicy, "b", "${cluster}-logs")}, ""},
		{"ownership", ownership("a", "ObjectWriter"), []m{ownership("b", "BucketOwnerEnforced")},
			"Object Ownership by BucketOwnershipControls b at spec.forProvider.rule.objectOwnership"},
		{"the same ownership", ownership("a", "ObjectWriter"), []m{ownership("b", "ObjectWriter")}, ""},
		{"blocks", block("a", m{"blockPublicAcls": true}), []m{block("b", m{"blockPublicAcls": false})},
			"public access block by BucketPublicAccessBlock b at spec.forProvider"},
		{"a switch that is left out", block("a", m{"blockPublicAcls": true, "ignorePublicAcls": false}), []m{block("b", m{"blockPublicAcls": true})}, ""},
	} {
		index := &Index{}
		for _, obj := range tt.beside {
			index.Set(obj)
		}
		reading, _, err := source.Read(tt.object)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range index.Bucket(tt.object, reading).Rivals {
			got = append(got, fmt.Sprintf("%s by %s at %s", r.Setting, r.Object, r.Field))
		}
		if all := strings.Join(got, ", "); all != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, all, tt.want)
		}
	}
}
