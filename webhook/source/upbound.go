package source

import (
	"slices"
	"strings"
)

// upbound lists every kind twice: cluster-scoped (s3.aws.upbound.io) and namespaced (s3.aws.m.upbound.io). The fields
// are the same. What is set under forProvider counts; what is only under initProvider counts when AWS's side is created.
func upbound() []Source { return twice(upboundKinds()) }

// twice gives kinds with the name of their service for a group both of Upbound's groups.
func twice(kinds []Source) []Source {
	var all []Source
	for _, s := range kinds {
		service := s.Group
		s.Provider = Upbound
		if len(s.Bucket)+len(s.AccessPoint) > 0 { // the rest is for a whole account, in all regions
			s.Region = []string{"/spec/forProvider/region", "/status/atProvider/region"}
		}
		s.Group = service + ".aws.upbound.io"
		all = append(all, s)
		s.Group, s.Namespaced = service+".aws.m.upbound.io", true
		all = append(all, s)
	}
	return all
}

// upboundKinds returns the kinds with the name of their service for a group.
func upboundKinds() []Source {
	policies := []PolicyField{{Pointer: "/spec/forProvider/policy"}, {Pointer: "/spec/initProvider/policy"}}
	buckets := referred("bucket")
	// The identifier of these is the bucket's name, so an object that imports one may name it here alone. That of others
	// goes on with the bucket's owner.
	imported := slices.Concat(buckets[:2], []NameField{{Literal: externalName}})
	compound := slices.Concat(buckets[:2], []NameField{{Literal: externalName, Compound: true}})
	arn := []string{"/status/atProvider/arn"}
	return slices.Concat(upboundFeatures(compound), upboundObjects(buckets), upboundNeighbours(policies), []Source{
		{
			Group: "s3", Kind: "Bucket", Plural: "buckets", Bucket: selfNamed(), ARN: arn,
			Features: FeatureFields{ObjectLock: both("objectLockEnabled"), Beside: true},
		},
		{Group: "s3", Kind: "BucketPolicy", Plural: "bucketpolicies", Bucket: imported, Policies: policies},
		{
			Group: "s3", Kind: "BucketOwnershipControls", Plural: "bucketownershipcontrols", Bucket: imported,
			Ownership: []SettingField{
				{Pointer: "/spec/forProvider/rule/objectOwnership"}, {Pointer: "/spec/initProvider/rule/objectOwnership"},
			},
		},
		{
			Group: "s3", Kind: "BucketPublicAccessBlock", Plural: "bucketpublicaccessblocks", Bucket: imported,
			PublicAccessBlock: BlockField{Pointers: []string{"/spec/forProvider", "/spec/initProvider"}, ACLs: "Acls"},
		},
		{
			Group: "s3", Kind: "BucketACL", Plural: "bucketacls", Bucket: compound,
			ACL: both("acl"),
			Grants: []GrantField{
				{Pointer: "/spec/forProvider/accessControlPolicy/grant"}, {Pointer: "/spec/initProvider/accessControlPolicy/grant"},
			},
			Account: both("expectedBucketOwner"),
		},
		{
			Group: "s3control", Kind: "AccessPoint", Plural: "accesspoints", Bucket: buckets, Policies: policies,
			AccessPoint:       literally("name"),
			PublicAccessBlock: BlockField{Pointers: both("publicAccessBlockConfiguration"), ACLs: "Acls"},
			Account:           both("accountId"), BucketAccount: both("bucketAccountId"), ARN: arn,
		},
		{
			Group: "s3control", Kind: "AccessPointPolicy", Plural: "accesspointpolicies", Policies: policies,
			AccessPoint: referred("accessPointArn"), ARN: both("accessPointArn"),
		},
		{
			Group: "s3control", Kind: "AccountPublicAccessBlock", Plural: "accountpublicaccessblocks",
			PublicAccessBlock: BlockField{Pointers: []string{"/spec/forProvider", "/spec/initProvider"}, ACLs: "Acls"},
			Account:           both("accountId"),
		},
	})
}

// upboundNeighbours returns the kinds with a policy of something beside buckets and their access points.
func upboundNeighbours(policies []PolicyField) []Source {
	return []Source{
		{
			Group: "s3control", Kind: "MultiRegionAccessPointPolicy", Plural: "multiregionaccesspointpolicies",
			Policies:    []PolicyField{{Pointer: "/spec/forProvider/details/policy"}, {Pointer: "/spec/initProvider/details/policy"}},
			AccessPoint: literally("details/name"), Account: both("accountId"),
		},
		{
			Group: "s3control", Kind: "ObjectLambdaAccessPointPolicy", Plural: "objectlambdaaccesspointpolicies", Policies: policies,
			AccessPoint: referred("name"), Service: "s3-object-lambda", Account: both("accountId"), BucketAccount: both("accountId"),
		},
		{
			Group: "s3vectors", Kind: "VectorBucketPolicy", Plural: "vectorbucketpolicies", Policies: policies,
			AccessPoint: referred("vectorBucketArn"), Service: "s3vectors", ARN: both("vectorBucketArn"),
		},
	}
}

// upboundObjects returns the kinds that put an object into a bucket.
func upboundObjects(bucket []NameField) []Source {
	copied := GrantNames{ID: "id", URI: "uri", Email: "email", Permission: "permissions"}
	object := ObjectFields{Key: both("key"), ACL: both("acl")}
	granting := object
	granting.Grants = []GrantField{
		{Pointer: "/spec/forProvider/grant", Names: copied}, {Pointer: "/spec/initProvider/grant", Names: copied},
	}
	return []Source{
		{Group: "s3", Kind: "Object", Plural: "objects", Bucket: bucket, Object: object},
		{Group: "s3", Kind: "BucketObject", Plural: "bucketobjects", Bucket: bucket, Object: object},
		{
			Group: "s3", Kind: "ObjectCopy", Plural: "objectcopies", Bucket: literally("bucket"), Object: granting,
			Account: both("expectedBucketOwner"),
		},
	}
}

// literally returns where a field stands that nothing fills.
func literally(field string) []NameField {
	var names []NameField
	for _, p := range both(field) {
		names = append(names, NameField{Literal: p})
	}
	return names
}

// upboundFeatures returns the kinds that hold one setting of a bucket each.
func upboundFeatures(bucket []NameField) []Source {
	const key = "rule/applyServerSideEncryptionByDefault/kmsMasterKeyId"
	var all []Source
	for kind, fields := range map[string]FeatureFields{
		"BucketVersioning":                        {Versioning: both("versioningConfiguration/status")},
		"BucketLogging":                           {AccessLog: filled("targetBucket")},
		"BucketServerSideEncryptionConfiguration": {Key: filled(key)},
		"BucketObjectLockConfiguration":           {ObjectLock: both("objectLockEnabled"), Locking: true},
		"BucketLifecycleConfiguration":            {Lifecycle: both("rule")},
	} {
		s := Source{
			Group: "s3", Kind: kind, Plural: strings.ToLower(kind) + "s", Bucket: bucket,
			Account: both("expectedBucketOwner"), Features: fields,
		}
		if len(fields.AccessLog) > 0 {
			s.Logs = LogFields{Target: referred("targetBucket"), Grants: []GrantField{
				{Pointer: "/spec/forProvider/targetGrant"}, {Pointer: "/spec/initProvider/targetGrant"},
			}}
		}
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b Source) int { return strings.Compare(a.Kind, b.Kind) })
	return all
}

func both(field string) []string {
	return []string{"/spec/forProvider/" + field, "/spec/initProvider/" + field}
}

// filled returns the pointers of a field and of the reference and the selector that fill it.
func filled(field string) []string {
	var out []string
	for _, n := range referred(field) {
		out = append(out, n.Literal, n.Ref, n.Selector)
	}
	return out
}

// referred returns where a field stands that a reference or a selector fills.
func referred(field string) []NameField {
	var names []NameField
	for _, p := range both(field) {
		names = append(names, NameField{Literal: p, Ref: p + "Ref", Selector: p + "Selector"})
	}
	return names
}
