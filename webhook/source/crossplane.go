package source

// Pointers of the metadata that Crossplane and its providers keep.
const (
	externalName   = annotations + "crossplane.io~1external-name"
	paused         = annotations + "crossplane.io~1paused"
	resourceName   = annotations + "crossplane.io~1composition-resource-name"
	composite      = labels + "crossplane.io~1composite"
	claimName      = labels + "crossplane.io~1claim-name"
	claimNamespace = labels + "crossplane.io~1claim-namespace"
)

// selfNamed is where the name of a bucket or access point stands that an object is itself. With generateName both
// places are empty until the provider has written the external name.
func selfNamed() []NameField {
	return []NameField{{Literal: externalName}, {Literal: "/metadata/name"}}
}

func classic() []Source {
	const spec = "/spec/forProvider/"
	named := []NameField{{
		Literal: spec + "bucketName", Ref: spec + "bucketNameRef", Selector: spec + "bucketNameSelector",
	}}
	return []Source{
		{
			Group: "s3.aws.crossplane.io", Kind: "Bucket", Plural: "buckets", Provider: Classic,
			Policies:          []PolicyField{{Pointer: spec + "policy", Encoding: Structured}},
			Bucket:            selfNamed(),
			Ownership:         []SettingField{{Pointer: spec + "objectOwnership"}},
			PublicAccessBlock: BlockField{Pointers: []string{spec + "publicAccessBlockConfiguration"}, ACLs: "Acls"},
			ACL:               []string{spec + "acl"},
			Grants:            headerGrants(spec, "Acp"),
			Region:            []string{spec + "locationConstraint"},
			ARN:               []string{"/status/atProvider/arn"},
		},
		{
			Group: "s3.aws.crossplane.io", Kind: "BucketPolicy", Plural: "bucketpolicies", Provider: Classic,
			Policies: []PolicyField{
				{Pointer: spec + "rawPolicy", Sticky: true},
				{Pointer: spec + "policy", Encoding: Structured, Resolved: true},
			},
			Bucket: named,
			Region: []string{spec + "region"},
		},
		{
			Group: "s3control.aws.crossplane.io", Kind: "AccessPoint", Plural: "accesspoints", Provider: Classic,
			Policies:          []PolicyField{{Pointer: spec + "policy", Encoding: Structured}},
			Bucket:            named,
			AccessPoint:       selfNamed(),
			PublicAccessBlock: BlockField{Pointers: []string{spec + "publicAccessBlockConfiguration"}, ACLs: "ACLs"},
			Account:           []string{spec + "accountID"},
			BucketAccount:     []string{spec + "bucketAccountID"},
			Region:            []string{spec + "region"},
			ARN:               []string{"/status/atProvider/accessPointARN"},
		},
	}
}
