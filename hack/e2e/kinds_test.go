//go:build e2e

package e2e

import (
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

const allUsers = "http://acs.amazonaws.com/groups/global/AllUsers"

// Beside policies, buckets and their settings, what opens data is refused as well: the ACL of an object, access to server access
// logs, and the policies of services beside S3. What opens nothing is admitted.
func TestEveryKindOfAccess(t *testing.T) {
	baseline(t)
	p := newPerson(t)
	put := func(group, version, name string, spec m) *unstructured.Unstructured {
		namespace := ""
		if group == "s3.aws.m.upbound.io" {
			namespace = "default"
		}
		spec["region"], spec["bucket"], spec["key"] = "eu-central-1", "kinds", "terms.html"
		return kind(group, version, name, namespace, "kinds", m{"forProvider": spec})
	}
	logging := func(grantee m) *unstructured.Unstructured {
		return kind("s3.aws.upbound.io", "v1beta2", "BucketLogging", "", "kinds", m{"forProvider": m{
			"region": "eu-central-1", "bucket": "kinds", "targetBucket": "kinds-logs",
			"targetGrant": []any{m{"permission": "READ", "grantee": grantee}},
		}})
	}
	service := func(group, name string, spec m) *unstructured.Unstructured {
		spec["region"] = "eu-central-1"
		return kind(group, "v1beta1", name, "", "kinds", m{"forProvider": spec})
	}
	statement := func(principal, action, resource string) string {
		return `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": ` + principal + `, "Action": "` + action +
			`", "Resource": "` + resource + `"}]}`
	}
	const (
		anyone = `"*"`
		app    = `{"AWS": "arn:aws:iam::111122223333:role/app"}`
		vector = "arn:aws:s3vectors:eu-central-1:111122223333:bucket/kinds"
		lambda = "arn:aws:s3-object-lambda:eu-central-1:111122223333:accesspoint/kinds"
		region = "arn:aws:s3::111122223333:accesspoint/abcdefghijklm.mrap/object/*"
	)
	lambdaPolicy := func(principal string) *unstructured.Unstructured {
		return service("s3control.aws.upbound.io", "ObjectLambdaAccessPointPolicy", m{
			"name": "kinds", "policy": statement(principal, "s3-object-lambda:GetObject", lambda),
		})
	}
	vectorPolicy := func(principal string) *unstructured.Unstructured {
		return service("s3vectors.aws.upbound.io", "VectorBucketPolicy", m{
			"vectorBucketArn": vector, "policy": statement(principal, "s3vectors:QueryVectors", vector+"/*"),
		})
	}
	regionPolicy := func(principal string) *unstructured.Unstructured { // a list, as in the older version
		return service("s3control.aws.upbound.io", "MultiRegionAccessPointPolicy", m{
			"details": []any{m{"name": "kinds", "policy": statement(principal, "s3:GetObject", region)}},
		})
	}
	for _, tt := range []struct {
		name          string
		refused, fine *unstructured.Unstructured
		want          string
	}{
		{"Object", put("s3.aws.upbound.io", "v1beta2", "Object", m{"acl": "public-read"}),
			put("s3.aws.upbound.io", "v1beta2", "Object", m{"acl": "private"}), "BW205 "},
		{"BucketObject", put("s3.aws.m.upbound.io", "v1beta1", "BucketObject", m{"acl": "authenticated-read"}),
			put("s3.aws.m.upbound.io", "v1beta1", "BucketObject", m{}), "BW205 "},
		{"ObjectCopy",
			put("s3.aws.upbound.io", "v1beta1", "ObjectCopy", m{"grant": []any{m{"uri": allUsers, "permissions": []any{"READ"}}}}),
			put("s3.aws.upbound.io", "v1beta1", "ObjectCopy", m{"acl": "bucket-owner-full-control"}), "BW205 "},
		{"BucketLogging", logging(m{"uri": allUsers}), logging(m{"id": "reader"}), "BW205 "},
		{"Object Lambda", lambdaPolicy(anyone), lambdaPolicy(app), "BW201 "},
		{"S3 Vectors", vectorPolicy(anyone), vectorPolicy(app), "BW201 "},
		{"Multi-Region Access Points", regionPolicy(anyone), regionPolicy(app), "BW201 "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := p.Create(t.Context(), tt.refused)
			if err == nil {
				p.remove(tt.refused)
				t.Fatal("it was admitted")
			}
			expect(t, err, tt.want)
			p.create(tt.fine)
		})
	}
}

// Object Ownership that is declared first has S3 refuse an object with an ACL, and access to logs by grants.
func TestACLsBesideOwnership(t *testing.T) {
	baseline(t)
	p := newPerson(t)
	p.create(ownership("kinds-off", "BucketOwnerEnforced"))
	for _, obj := range []*unstructured.Unstructured{
		kind("s3.aws.upbound.io", "v1beta1", "BucketObject", "", "kinds-off", m{"forProvider": m{
			"region": "eu-central-1", "bucket": "kinds-off", "key": "a", "acl": "aws-exec-read",
		}}),
		kind("s3.aws.upbound.io", "v1beta2", "BucketLogging", "", "kinds-off", m{"forProvider": m{
			"region": "eu-central-1", "bucket": "kinds", "targetBucket": "kinds-off",
			"targetGrant": []any{m{"permission": "READ", "grantee": m{"id": "reader"}}},
		}}),
	} {
		var err error
		eventually(t, obj.GetKind()+" is refused", func() bool {
			err = p.Create(t.Context(), obj.DeepCopy(), client.DryRunAll)
			return err != nil
		})
		expect(t, err, "BW304 ")
	}
}
