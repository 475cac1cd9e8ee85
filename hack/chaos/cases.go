package main

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/bucketwarden/bucketwarden/policy/rules"
)

// m is a JSON object.
type m = map[string]any

// answer is what a request must get: a refusal by a rule, or success.
type answer struct {
	rule   string // that refuses, "" for success
	policy string // that is stored then, where the object has one
}

// variant is a document for a bucket, BUCKET in it, and what becomes of it where ACLs are off.
type variant struct {
	sent, stored string
	rule         string
}

const writes = `{"Sid": "Write", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/writer"}, ` +
	`"Action": ["s3:PutObject"%s], "Resource": "arn:aws:s3:::BUCKET/*"}`

// variants are good, patchable and bad.
var variants = func() []variant {
	document := func(statement string, args ...any) string {
		return `{"Version": "2012-10-17", "Statement": [` + fmt.Sprintf(statement, args...) + `]}`
	}
	good := document(writes, "")
	tagged := document(writes, `, "s3:PutObjectTagging"`)
	setsACL := document(writes, `, "s3:PutObjectAcl"`)
	twice := document(writes, `, "s3:PutObjectTagging", "s3:PutObjectAcl", "s3:PutObjectVersionAcl"`)
	return []variant{
		{good, good, ""},
		{tagged, tagged, ""},
		{setsACL, good, ""},
		{twice, tagged, ""},
		{document(`{"Sid": "Open", "Effect": "Allow", "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:role/intern"}, ` +
			`"Action": "s3:GetObject", "Resource": "arn:aws:s3:::BUCKET/*"}`), "", rules.AllowNotPrincipal.ID},
		{document(`{"Sid": "Public", "Effect": "Allow", "Principal": "*", ` +
			`"Action": "s3:GetObject", "Resource": "arn:aws:s3:::BUCKET/*"}`), "", rules.PublicAccess.ID},
		{good[:len(good)-1], "", rules.UnreadableDocument.ID},
	}
}()

// kind is a kind of object that carries a document.
type kind struct {
	schema.GroupVersionKind
	namespaced bool
	policy     []string // field of the document
	spec       func(bucket string) m
}

var kinds = []kind{
	{
		schema.GroupVersionKind{Group: "s3.services.k8s.aws", Version: "v1alpha1", Kind: "Bucket"}, true,
		[]string{"spec", "policy"}, func(bucket string) m {
			return m{"name": bucket, "ownershipControls": m{"rules": []any{m{"objectOwnership": "BucketOwnerEnforced"}}}}
		},
	},
	{ // a standing object says that ACLs are off in its bucket
		schema.GroupVersionKind{Group: "s3.aws.upbound.io", Version: "v1beta1", Kind: "BucketPolicy"}, false,
		[]string{"spec", "forProvider", "policy"}, func(bucket string) m {
			return m{"forProvider": m{"region": "eu-central-1", "bucket": bucket}}
		},
	},
}

// object makes an object of a kind.
func object(gvk schema.GroupVersionKind, namespace, name string, spec m) *unstructured.Unstructured {
	out := &unstructured.Unstructured{Object: m{"spec": spec}}
	out.SetGroupVersionKind(gvk)
	out.SetNamespace(namespace)
	out.SetName(name)
	return out
}

// object makes an object that carries a document.
func (k kind) object(namespace, name, bucket, policy string) *unstructured.Unstructured {
	if !k.namespaced {
		namespace = ""
	}
	out := object(k.GroupVersionKind, namespace, name, k.spec(bucket))
	if err := unstructured.SetNestedField(out.Object, policy, k.policy...); err != nil {
		panic(err) // the spec is the one above
	}
	return out
}

// ownership says that ACLs are off in a bucket.
func ownership(bucket string) *unstructured.Unstructured {
	gvk := schema.GroupVersionKind{Group: "s3.aws.upbound.io", Version: "v1beta2", Kind: "BucketOwnershipControls"}
	return object(gvk, "", bucket, m{
		"forProvider": m{"region": "eu-central-1", "bucket": bucket, "rule": m{"objectOwnership": "BucketOwnerEnforced"}},
	})
}

// aclKind is refused by BW304 where ACLs are known to be off, which a replica learns by watching.
var aclKind = schema.GroupVersionKind{Group: "s3.aws.upbound.io", Version: "v1beta2", Kind: "BucketACL"}

func bucketACL(bucket string) *unstructured.Unstructured {
	return object(aclKind, "", bucket, m{
		"forProvider": m{"region": "eu-central-1", "bucket": bucket, "acl": "log-delivery-write"},
	})
}

// seeded is chance that is the same every time.
func seeded(seed int) *rand.Rand {
	return rand.New(rand.NewPCG(uint64(seed), 0)) //nolint:gosec // it is to be predicted
}

// pick returns a document for a bucket at random, and the answer that it must get.
func pick(g *rand.Rand, bucket string) (string, answer) {
	v := variants[g.IntN(len(variants))]
	in := func(text string) string { return strings.ReplaceAll(text, "BUCKET", bucket) }
	return in(v.sent), answer{rule: v.rule, policy: in(v.stored)}
}
