package cluster

import (
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// How many statements make a Document of a size, the larger one as large as S3 takes.
const (
	Statements2KB  = 6
	Statements20KB = 58
)

// Document returns a policy of so many statements that nothing is wrong with, and of those that come after them.
func Document(bucket string, statements int, more ...any) string {
	var list []any
	for i := range statements {
		list = append(list, map[string]any{
			"Sid": fmt.Sprintf("Team%d", i), "Effect": "Allow",
			"Principal": map[string]any{"AWS": fmt.Sprintf("arn:aws:iam::111122223333:role/%s-team-%d", bucket, i)},
			"Action":    []string{"s3:GetObject", "s3:PutObject"}, "Resource": fmt.Sprintf("arn:aws:s3:::%s/team-%d/*", bucket, i),
			"Condition": map[string]any{
				"StringEquals": map[string]any{"aws:SourceVpce": "vpce-0123456789abcdef0"}, "Bool": map[string]any{"aws:SecureTransport": "true"},
			},
		})
	}
	return iam.NewDocument(append(list, more...)...).Text()
}

// ACKBucket is an ACK Bucket with ACLs off and all public access blocked.
func ACKBucket(namespace, name, policy string) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "s3.services.k8s.aws/v1alpha1", "kind": "Bucket",
		"metadata": map[string]any{"namespace": namespace, "name": name},
		"spec": map[string]any{
			"name": name, "policy": policy,
			"ownershipControls": map[string]any{"rules": []any{map[string]any{"objectOwnership": "BucketOwnerEnforced"}}},
			"publicAccessBlock": map[string]any{
				"blockPublicACLs": true, "ignorePublicACLs": true, "blockPublicPolicy": true, "restrictPublicBuckets": true,
			},
		},
	}}
}
