//go:build e2e

package e2e

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Documents for a bucket. Each Statement has one line, so that tests can build on it.
func allows(bucket string, statements ...string) string {
	return strings.ReplaceAll(`{"Version": "2012-10-17", "Statement": [`+strings.Join(statements, ", ")+`]}`, "BUCKET", bucket)
}

// Statements. open is refused, setsACL is patched where ACLs are known to be off, reads is fine.
const (
	open = `{"Sid": "Open", "Effect": "Allow", "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:role/intern"}, ` +
		`"Action": "s3:GetObject", "Resource": "arn:aws:s3:::BUCKET/*"}`
	setsACL = `{"Sid": "Write", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/writer"}, ` +
		`"Action": ["s3:PutObject", "s3:PutObjectAcl"], "Resource": "arn:aws:s3:::BUCKET/*"}`
	patched = `{"Sid": "Write", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/writer"}, ` +
		`"Action": ["s3:PutObject"], "Resource": "arn:aws:s3:::BUCKET/*"}`
	reads = `{"Sid": "Read", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/reader"}, ` +
		`"Action": "s3:GetObject", "Resource": "arn:aws:s3:::BUCKET/*"}`
	denies = `{"Sid": "TLS", "Effect": "Deny", "Principal": "*", "Action": "s3:*", ` +
		`"Resource": ["arn:aws:s3:::BUCKET", "arn:aws:s3:::BUCKET/*"], "Condition": {"Bool": {"aws:SecureTransport": "false"}}}`
)

// m is a JSON object.
type m = map[string]any

func kind(group, version, kind, namespace, name string, spec m) *unstructured.Unstructured {
	obj := &unstructured.Unstructured{Object: m{"spec": spec}}
	obj.SetGroupVersionKind(schema.GroupVersionKind{Group: group, Version: version, Kind: kind})
	obj.SetNamespace(namespace)
	obj.SetName(name)
	return obj
}

// bucketPolicy is a cluster-scoped Upbound BucketPolicy of the bucket of the same name.
func bucketPolicy(name, policy string) *unstructured.Unstructured {
	return kind("s3.aws.upbound.io", "v1beta1", "BucketPolicy", "", name, m{
		"forProvider": m{"region": "eu-central-1", "bucket": name, "policy": policy},
	})
}

// bucket is an Upbound Bucket.
func bucket(name string, labels map[string]string) *unstructured.Unstructured {
	obj := kind("s3.aws.upbound.io", "v1beta2", "Bucket", "", name, m{"forProvider": m{"region": "eu-central-1"}})
	obj.SetLabels(labels)
	return obj
}

// ownership is an Upbound BucketOwnershipControls of the bucket of the same name.
func ownership(name, setting string) *unstructured.Unstructured {
	return kind("s3.aws.upbound.io", "v1beta2", "BucketOwnershipControls", "", name, m{
		"forProvider": m{"region": "eu-central-1", "bucket": name, "rule": m{"objectOwnership": setting}},
	})
}

// ackBucket is an ACK Bucket with ACLs off.
func ackBucket(name, policy string) *unstructured.Unstructured {
	return kind("s3.services.k8s.aws", "v1alpha1", "Bucket", "default", name, m{
		"name":              name,
		"policy":            policy,
		"ownershipControls": m{"rules": []any{m{"objectOwnership": "BucketOwnerEnforced"}}},
	})
}

// classicBucket has a structured policy that lets in everybody.
func classicBucket(name string) *unstructured.Unstructured {
	return kind("s3.aws.crossplane.io", "v1beta1", "Bucket", "", name, m{"forProvider": m{
		"locationConstraint": "eu-central-1",
		"policy": m{"version": "2012-10-17", "statements": []any{m{
			"sid": "Open", "effect": "Allow",
			"notPrincipal": m{"awsPrincipals": []any{m{"awsAccountId": "111122223333"}}},
			"action":       []any{"s3:GetObject"},
			"resource":     []any{"arn:aws:s3:::" + name + "/*"},
		}}},
	}})
}

// set changes one field and returns the object.
func set(obj *unstructured.Unstructured, value any, field string) *unstructured.Unstructured {
	if err := unstructured.SetNestedField(obj.Object, value, strings.Split(field, ".")...); err != nil {
		panic(fmt.Sprintf("%s: %v", field, err))
	}
	return obj
}

// unset removes one field and returns the object.
func unset(obj *unstructured.Unstructured, field string) *unstructured.Unstructured {
	unstructured.RemoveNestedField(obj.Object, strings.Split(field, ".")...)
	return obj
}

// annotate adds one annotation and returns the object.
func annotate(obj *unstructured.Unstructured, key, value string) *unstructured.Unstructured {
	annotations := obj.GetAnnotations()
	if annotations == nil {
		annotations = map[string]string{}
	}
	annotations[key] = value
	obj.SetAnnotations(annotations)
	return obj
}
