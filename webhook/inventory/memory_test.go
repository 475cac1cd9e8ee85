package inventory

import (
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	toolscache "k8s.io/client-go/tools/cache"
)

// statements makes a policy of about 2 KB, unlike that of any other bucket.
func statements(bucket string) string {
	var all []string
	for i := range 6 {
		all = append(all, fmt.Sprintf(`{"Sid":"Statement%d","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/%s-%d"},`+
			`"Action":["s3:GetObject","s3:PutObject","s3:ListBucket"],"Resource":["arn:aws:s3:::%s","arn:aws:s3:::%s/team-%d/*"],`+
			`"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-abcdef1234"},"Bool":{"aws:SecureTransport":"true"}}}`, i, bucket, i, bucket, bucket, i))
	}
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(all, ",") + `]}`
}

// stored is an object with all that a cluster adds to it.
func stored(kind, name string, spec, status m) m {
	obj := object(kind, name, spec)
	meta := obj["metadata"].(m)
	meta["uid"] = fmt.Sprintf("6f0a5a7e-0000-4000-8000-%012x", len(name))
	meta["resourceVersion"], meta["generation"], meta["creationTimestamp"] = "1234567", 2, "2026-01-01T00:00:00Z"
	meta["labels"] = m{"app.kubernetes.io/managed-by": "Helm", "team": name}
	applied, _ := json.Marshal(obj)
	meta["annotations"] = m{"kubectl.kubernetes.io/last-applied-configuration": string(applied), "crossplane.io/external-name": name}
	meta["finalizers"] = []any{"finalizer.managedresource.crossplane.io"}
	fields := m{"f:metadata": m{"f:annotations": m{".": m{}, "f:a": m{}}, "f:labels": m{".": m{}, "f:team": m{}}}, "f:spec": m{".": m{}, "f:forProvider": m{".": m{}}}}
	meta["managedFields"] = []any{m{"manager": "kubectl", "operation": "Update", "fieldsV1": fields}, m{"manager": "provider", "operation": "Update", "fieldsV1": fields}}
	status["conditions"] = []any{
		m{"type": "Ready", "status": "True", "reason": "Available", "lastTransitionTime": "2026-01-01T00:00:00Z"},
		m{"type": "Synced", "status": "True", "reason": "ReconcileSuccess", "lastTransitionTime": "2026-01-01T00:00:00Z"},
	}
	obj["status"] = status
	return obj
}

// stock is what a provider's users have for one bucket.
var stock = map[string]func(name string) []m{
	"ack": func(name string) []m {
		return []m{stored(ackBucket, "team/"+name, m{
			"name": name, "policy": statements(name), "ownershipControls": m{"rules": []any{m{"objectOwnership": "BucketOwnerEnforced"}}},
			"publicAccessBlock": m{"blockPublicACLs": true, "blockPublicPolicy": true, "ignorePublicACLs": true, "restrictPublicBuckets": true},
			"tagging":           m{"tagSet": []any{m{"key": "team", "value": name}}},
		}, m{"ackResourceMetadata": m{"ownerAccountID": "111122223333", "region": "eu-central-1", "arn": "arn:aws:s3:::" + name}})}
	},
	"upbound": func(name string) []m {
		spec := func(fields m) m {
			fields["region"] = "eu-central-1"
			return m{"deletionPolicy": "Delete", "managementPolicies": []any{"*"}, "providerConfigRef": m{"name": "default"}, "forProvider": fields}
		}
		beside := func(fields m) m {
			fields["bucket"], fields["bucketRef"] = name, m{"name": name}
			return spec(fields)
		}
		at := func() m {
			return m{"atProvider": m{"id": name, "arn": "arn:aws:s3:::" + name, "region": "eu-central-1", "bucket": name}}
		}
		return []m{
			stored(upboundBucket, name, spec(m{"tags": m{"team": name}}), at()),
			stored(upboundPolicy, name, beside(m{"policy": statements(name)}), at()),
			stored(upboundOwnership, name, beside(m{"rule": m{"objectOwnership": "BucketOwnerEnforced"}}), at()),
			stored(upboundBlock, name, beside(m{
				"blockPublicAcls": true, "blockPublicPolicy": true, "ignorePublicAcls": true, "restrictPublicBuckets": true,
			}), at()),
		}
	},
}

// BenchmarkMemory measures what 10,000 buckets take while the informers' stores and the Index hold them.
func BenchmarkMemory(b *testing.B) {
	for provider, objects := range stock {
		b.Run(provider, func(b *testing.B) {
			for b.Loop() {
				before := heap()
				index, store := &Index{}, toolscache.NewIndexer(toolscache.MetaNamespaceKeyFunc, toolscache.Indexers{
					toolscache.NamespaceIndex: toolscache.MetaNamespaceIndexFunc,
				})
				count := 0
				for i := range 10_000 {
					for _, obj := range objects(fmt.Sprintf("company-team-bucket-%d", i)) {
						remember(b, index, store, obj)
						count++
					}
				}
				b.ReportMetric(float64(heap()-before)/float64(count), "B/object")
				runtime.KeepAlive(index)
				runtime.KeepAlive(store)
			}
		})
	}
}

// remember does with an object what an informer does.
func remember(b *testing.B, index *Index, store toolscache.Store, obj m) {
	text, err := json.Marshal(obj)
	if err != nil {
		b.Fatal(err)
	}
	u := &unstructured.Unstructured{}
	if err := u.UnmarshalJSON(text); err != nil {
		b.Fatal(err)
	}
	kept := NewEntry(u.Object)
	if err := store.Add(kept); err != nil {
		b.Fatal(err)
	}
	index.Put(kept)
}

func heap() int64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
