package source

import (
	"maps"
	"strings"
)

// Pointers of the metadata that Crossplane and its providers keep.
const (
	externalName   = annotations + "crossplane.io~1external-name"
	paused         = annotations + "crossplane.io~1paused"
	resourceName   = annotations + "crossplane.io~1composition-resource-name"
	composite      = labels + "crossplane.io~1composite"
	claimName      = labels + "crossplane.io~1claim-name"
	claimNamespace = labels + "crossplane.io~1claim-namespace"
)

// CompositionResource returns the name of the resource in a Composition that an object is made by, "" for none.
func CompositionResource(obj map[string]any) string {
	return new(reader).first(node{obj, ""}, resourceName).Value
}

// selfNamed is where the name of a bucket or access point stands that an object is itself. With generateName both
// places are empty until the provider has written the external name.
func selfNamed() []NameField {
	return []NameField{{Literal: externalName}, {Literal: "/metadata/name"}}
}

// Named returns obj as it is once its provider has noted, as the external name, the name that obj goes by anyway. It is
// obj itself when there is nothing to note. Neither is to be changed: they share what is inside.
func Named(obj map[string]any, r Reading) map[string]any {
	name := r.Name.Literal
	if r.Source.OnAccessPoint() {
		name = r.AccessPoint.Literal
	}
	meta, _ := obj["metadata"].(map[string]any)
	notes, _ := meta["annotations"].(map[string]any)
	key := unescape(strings.TrimPrefix(externalName, annotations))
	if noted, _ := notes[key].(string); r.Source.Provider == ACK || r.Source.Provider == Own || name == "" || noted != "" {
		return obj
	}
	obj, meta, notes = fork(obj), fork(meta), fork(notes)
	notes[key] = name
	meta["annotations"], obj["metadata"] = notes, meta
	return obj
}

// fork copies one level of an object; an absent one becomes empty.
func fork(m map[string]any) map[string]any {
	out := make(map[string]any, len(m)+1)
	maps.Copy(out, m)
	return out
}

func classic() []Source {
	const spec = "/spec/forProvider/"
	const logs = spec + "loggingConfiguration/"
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
			Logs: LogFields{
				Target: []NameField{{
					Literal: logs + "targetBucket", Ref: logs + "targetBucketRef", Selector: logs + "targetBucketSelector",
				}},
				Grants: []GrantField{{
					Pointer: logs + "targetGrants",
					Names: GrantNames{
						Grantee: "targetGrantee", ID: "ID", URI: "URI", Email: "emailAddress", Permission: "bucketLogsPermission",
					},
				}},
			},
			Features: FeatureFields{
				Versioning: []string{spec + "versioningConfiguration/status"},
				AccessLog:  []string{logs + "targetBucket"},
				Key:        []string{spec + "serverSideEncryptionConfiguration/rules/applyServerSideEncryptionByDefault/kmsMasterKeyId"},
				ObjectLock: []string{spec + "objectLockEnabledForBucket"},
				Lifecycle:  []string{spec + "lifecycleConfiguration/rules"},
			},
			Region: []string{spec + "locationConstraint"},
			ARN:    []string{"/status/atProvider/arn"},
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
