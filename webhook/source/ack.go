package source

// Pointers of the annotations that ACK's runtime honours on an object. services.k8s.aws/owner-account-id is not among them: the runtime
// looks for it on the namespace alone, so on an object it is anybody's claim.
const (
	ackReadOnly       = annotations + "services.k8s.aws~1read-only"
	ackAdoptionPolicy = annotations + "services.k8s.aws~1adoption-policy"
	ackAdoptionFields = annotations + "services.k8s.aws~1adoption-fields"
	ackAdopted        = annotations + "services.k8s.aws~1adopted"
	ackDeletionPolicy = annotations + "services.k8s.aws~1deletion-policy"
	ackRegion         = annotations + "services.k8s.aws~1region"
)

func ack() []Source {
	const status = "/status/ackResourceMetadata/"
	return []Source{
		{
			Group: "s3.services.k8s.aws", Kind: "Bucket", Plural: "buckets", Namespaced: true, Provider: ACK,
			Policies: []PolicyField{{Pointer: "/spec/policy"}},
			Bucket:   []NameField{{Literal: "/spec/name"}},
			Ownership: []SettingField{
				{Pointer: "/spec/ownershipControls/rules/objectOwnership"},
				{Pointer: "/spec/objectOwnership", CreateOnly: true},
			},
			PublicAccessBlock: BlockField{Pointers: []string{"/spec/publicAccessBlock"}, ACLs: "ACLs", AbsentOff: true},
			ACL:               []string{"/spec/acl"},
			Grants:            headerGrants("/spec/", "ACP"),
			Logs: LogFields{
				Target: []NameField{{Literal: "/spec/logging/loggingEnabled/targetBucket"}},
				Grants: []GrantField{{
					Pointer: "/spec/logging/loggingEnabled/targetGrants",
					Names:   GrantNames{Grantee: "grantee", ID: "id", URI: "uRI", Email: "emailAddress", Permission: "permission"},
				}},
			},
			Features: FeatureFields{
				Versioning: []string{"/spec/versioning/status"},
				AccessLog:  []string{"/spec/logging/loggingEnabled/targetBucket"},
				Key:        []string{"/spec/encryption/rules/applyServerSideEncryptionByDefault/kmsMasterKeyID"},
				ObjectLock: []string{"/spec/objectLockEnabledForBucket"},
				Lifecycle:  []string{"/spec/lifecycle/rules"},
			},
			Account: []string{status + "ownerAccountID"},
			Region: []string{
				status + "region", ackRegion, "/spec/createBucketConfiguration/locationConstraint",
			},
			Partition: []string{status + "partition"},
			ARN:       []string{status + "arn"},
		},
		{
			Group: "s3control.services.k8s.aws", Kind: "AccessPoint", Plural: "accesspoints", Namespaced: true, Provider: ACK,
			Policies:    []PolicyField{{Pointer: "/spec/policy"}},
			Bucket:      []NameField{{Literal: "/spec/bucket"}},
			AccessPoint: []NameField{{Literal: "/spec/name"}},
			PublicAccessBlock: BlockField{
				Pointers: []string{"/spec/publicAccessBlockConfiguration"}, ACLs: "ACLs",
			},
			Account:       []string{"/spec/accountID", status + "ownerAccountID"},
			BucketAccount: []string{"/spec/bucketAccountID"},
			Region:        []string{status + "region", ackRegion},
			Partition:     []string{status + "partition"},
			ARN:           []string{status + "arn"},
		},
	}
}

// headerGrants returns the five fields that are sent as x-amz-grant-* headers.
func headerGrants(parent, acp string) []GrantField {
	return []GrantField{
		{Pointer: parent + "grantFullControl", Permission: "FULL_CONTROL"},
		{Pointer: parent + "grantRead", Permission: "READ"},
		{Pointer: parent + "grantRead" + acp, Permission: "READ_ACP"},
		{Pointer: parent + "grantWrite", Permission: "WRITE"},
		{Pointer: parent + "grantWrite" + acp, Permission: "WRITE_ACP"},
	}
}
