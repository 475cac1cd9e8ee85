package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"sync"

	"golang.org/x/sync/errgroup"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
	"github.com/bucketwarden/bucketwarden/webhook/audit"
)

// m is a JSON object.
type m = map[string]any

// namespace of the buckets.
const namespace = "team"

// stocks are what a provider's users have for a bucket, what carries its policy last.
var stocks = map[string]func(name, policy string) []*unstructured.Unstructured{"ack": ack, "upbound": upbound}

func ack(name, policy string) []*unstructured.Unstructured {
	obj := cluster.ACKBucket(namespace, name, policy)
	obj.Object["spec"].(m)["publicAccessBlock"] = m{
		"blockPublicACLs": true, "blockPublicPolicy": true, "ignorePublicACLs": true, "restrictPublicBuckets": true,
	}
	return []*unstructured.Unstructured{grown(obj, m{
		"ackResourceMetadata": m{"ownerAccountID": "111122223333", "region": "eu-central-1", "arn": "arn:aws:s3:::" + name},
	})}
}

func upbound(name, policy string) []*unstructured.Unstructured {
	object := func(version, kind string, fields m) *unstructured.Unstructured {
		fields["region"] = "eu-central-1"
		if kind != "Bucket" {
			fields["bucket"], fields["bucketRef"] = name, m{"name": name}
		}
		return grown(&unstructured.Unstructured{Object: m{
			"apiVersion": "s3.aws.upbound.io/" + version, "kind": kind, "metadata": m{"name": name},
			"spec": m{"providerConfigRef": m{"name": "default"}, "forProvider": fields},
		}}, m{"atProvider": m{"id": name, "arn": "arn:aws:s3:::" + name, "region": "eu-central-1"}})
	}
	return []*unstructured.Unstructured{
		object("v1beta2", "Bucket", m{"tags": m{"team": name}}),
		object("v1beta2", "BucketOwnershipControls", m{"rule": m{"objectOwnership": "BucketOwnerEnforced"}}),
		object("v1beta1", "BucketPublicAccessBlock", m{
			"blockPublicAcls": true, "blockPublicPolicy": true, "ignorePublicAcls": true, "restrictPublicBuckets": true,
		}),
		object("v1beta1", "BucketPolicy", m{"policy": policy}),
	}
}

// grown adds what kubectl and a controller add to an object.
func grown(obj *unstructured.Unstructured, status m) *unstructured.Unstructured {
	obj.SetLabels(map[string]string{"app.kubernetes.io/managed-by": "Helm", "team": obj.GetName()})
	applied, err := json.Marshal(obj.Object)
	if err != nil {
		panic(err) // it is our own
	}
	obj.SetAnnotations(map[string]string{corev1.LastAppliedConfigAnnotation: string(applied)})
	status["conditions"] = []any{m{
		"type": "Ready", "status": "True", "reason": "Available", "lastTransitionTime": "2026-01-01T00:00:00Z",
	}}
	obj.Object["status"] = status
	return obj
}

// policyOf makes the n-th policy, of about 2 KB: one of a hundred is refused if it comes now, ten are warned of.
func policyOf(n int, bucket string) string {
	var more []any
	switch {
	case n%100 == 0:
		more = append(more, m{
			"Sid": "Open", "Effect": "Allow", "NotPrincipal": m{"AWS": "arn:aws:iam::111122223333:role/intern"},
			"Action": "s3:GetObject", "Resource": "arn:aws:s3:::" + bucket + "/*",
		})
	case n%10 == 1:
		more = append(more, m{
			"Sid": "Write", "Effect": "Allow", "Principal": m{"AWS": "arn:aws:iam::111122223333:role/writer"},
			"Action": []string{"s3:PutObject", "s3:PutObjectAcl"}, "Resource": "arn:aws:s3:::" + bucket + "/*",
		})
	}
	return cluster.Document(bucket, cluster.Statements2KB, more...)
}

// stock makes all objects for the n-th bucket under a name.
func (s scale) stock(n int, prefix string) []*unstructured.Unstructured {
	name := fmt.Sprintf("%s-%d", prefix, n)
	return stocks[s.provider](name, policyOf(n, name))
}

// furnish installs all that is there before the buckets.
func (s scale) furnish(c *cluster.Cluster) (client.Client, error) {
	crds, err := cluster.ReadCRDs(filepath.Join(s.root, "config/samples/crds"))
	if err != nil {
		return nil, err
	}
	reports, err := cluster.ReadReportCRDs(s.root)
	if err != nil {
		return nil, err
	}
	err = errors.Join(
		cluster.InstallCRDs(c.Config, append(crds, reports[string(audit.OpenReports)]...)),
		cluster.InstallConfiguration(c.Config, s.root))
	if err != nil {
		return nil, err
	}
	return c.Admin()
}

// fill creates the buckets as fast as the API server takes them, and returns their objects' identities.
func (s scale) fill(ctx context.Context, c client.Client, buckets int) (map[types.UID]bool, error) {
	if err := c.Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}}); err != nil {
		return nil, err
	}
	var mu sync.Mutex
	uids := map[types.UID]bool{}
	all, ctx := errgroup.WithContext(ctx)
	all.SetLimit(8)
	for n := range buckets {
		all.Go(func() error {
			for _, obj := range s.stock(n, "company-bucket") {
				status := obj.Object["status"]
				if err := c.Create(ctx, obj); err != nil {
					return err
				}
				obj.Object["status"] = status
				if err := c.Status().Update(ctx, obj); err != nil {
					return err
				}
				mu.Lock()
				uids[obj.GetUID()] = true
				mu.Unlock()
			}
			return nil
		})
	}
	return uids, all.Wait()
}
