// Package source knows where bucket policies, bucket names, Object Ownership, public access blocks and ACLs hide in
// custom resources. Read turns one decoded object into a Reading; it does no I/O and judges nothing.
//
// Where a field is, is data: All lists every kind, and a new kind is a few lines in the file of its provider.
// Identities lists those of users, roles and groups, which are about any number of buckets.
// Declare adds kinds of somebody's own.
// Fields are found by shape, not by API version: where one version has an object, another has a list of one.
package source

import (
	"maps"
	"slices"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

//go:generate go run ../../hack/kindsdoc

// Provider is the family of controllers that a kind belongs to.
type Provider string

// The providers.
const (
	ACK     Provider = "ack"     // AWS Controllers for Kubernetes
	Upbound Provider = "upbound" // crossplane-contrib/provider-upjet-aws
	Classic Provider = "classic" // crossplane-contrib/provider-aws
)

// Pointers of the annotations by which any object says what its bucket is for.
const (
	profile    = annotations + "bucketwarden.dev~1profile"
	parameters = annotations + "bucketwarden.dev~1profile-parameters"
)

// Source is one kind and where its fields are. Sources are constants: data.
//
// Locations are JSON pointers (RFC 6901) from the root of the object, the one that counts first. On the way to its end
// a pointer goes through every element of a list that it meets.
type Source struct {
	Group, Kind, Plural string
	Namespaced          bool
	Provider            Provider

	Policies []PolicyField
	Bucket   []NameField // the bucket that the object is or configures
	// AccessPoint is the access point that it is or configures, by name or ARN, or what a Service has instead.
	AccessPoint []NameField
	// Service is the prefix of the actions of a service beside S3, where the policies are about what that keeps: "s3vectors".
	Service           string
	Ownership         []SettingField
	PublicAccessBlock BlockField
	ACL               []string     // canned ACLs
	Grants            []GrantField // ACL grants
	Object            ObjectFields // of an object in the bucket, where the kind is one
	Logs              LogFields
	Features          FeatureFields
	Account           []string // account that owns what the object configures
	BucketAccount     []string // of an access point: account that owns the bucket
	Region            []string
	Partition         []string
	ARN               []string // of the bucket or access point, once it exists
}

// PolicyField is a field that holds a policy document.
type PolicyField struct {
	Pointer  string
	Encoding Encoding
	// Sticky fields count as set when they hold "": what comes after them is shadowed. Others count as unset then.
	Sticky bool
	// Named fields hold a map of documents by their names, all of which count.
	Named bool
	// Either fields hold a string of JSON or the document itself, as an object.
	Either bool
	// Resolved documents have a resolver in their controller that rewrites the statement list where it holds references.
	Resolved bool
}

// NameField is where a name stands, or a reference to the object that has it; Ref and Selector may be "".
type NameField struct {
	Literal, Ref, Selector string
	Compound               bool // the name ends at a comma
}

// SettingField is a field that holds one setting.
type SettingField struct {
	Pointer    string
	CreateOnly bool // used when the bucket is created and never again
}

// BlockField is where a public access block stands.
type BlockField struct {
	Pointers []string // objects that hold the four switches
	ACLs     string   // how the kind spells it in the names of its switches: "Acls" or "ACLs"
	// AbsentOff kinds have the block deleted from the bucket when it is absent, which turns all four switches off.
	AbsentOff bool
}

// GrantField is where ACL grants stand.
type GrantField struct {
	Pointer string
	// Permission of a string of grantees as in the x-amz-grant-* headers; "" for a list of objects that hold theirs.
	Permission string
	// Names are how such objects call their members; the zero one is how S3 does, in lower camel case.
	Names GrantNames
}

// GrantNames are the names of the members of a grant.
type GrantNames struct {
	Grantee    string // holds the next three; "" where the grant itself does
	ID         string
	URI        string
	Email      string
	Permission string // one, or a list of some
}

// ObjectFields is where the ACL of an object stands, and its key.
type ObjectFields struct {
	Key    []string
	ACL    []string // canned ACLs
	Grants []GrantField
}

// LogFields is where it stands who gets access to the server access logs of the bucket, in whatever bucket S3 writes them to.
type LogFields struct {
	Target []NameField
	Grants []GrantField
}

// FeatureFields is where the settings stand that policy.Features is about, the field that counts first; nothing for what a kind
// has no field for.
type FeatureFields struct {
	Versioning []string // a status
	AccessLog  []string // the name of the target bucket, or what refers to it
	Key        []string // a key's id, or what refers to it
	ObjectLock []string // a boolean
	Lifecycle  []string // a list of rules
	// Locking kinds switch Object Lock on by being there, and have no other value for it.
	Locking bool
	// Beside kinds are buckets whose other features stand in objects of their own, if anywhere.
	Beside bool
}

func (f FeatureFields) pointers() []string {
	out := slices.Concat(f.Versioning, f.AccessLog, f.Key, f.ObjectLock)
	for _, rules := range f.Lifecycle {
		for _, name := range []string{"status", "prefix", "filter", "abortIncompleteMultipartUpload"} {
			out = append(out, rules+"/"+name)
		}
	}
	return out
}

// GroupKind returns the kind's name without its version.
func (s Source) GroupKind() schema.GroupKind {
	return schema.GroupKind{Group: s.Group, Kind: s.Kind}
}

// OnAccessPoint reports whether the kind's policy belongs to an access point, or to what a Service keeps, not to a bucket.
func (s Source) OnAccessPoint() bool { return len(s.AccessPoint) > 0 }

// OnObject reports whether the kind is an object in a bucket.
func (s Source) OnObject() bool { return len(s.Object.Key) > 0 }

// All returns every kind that is about buckets, ordered by provider. Its elements are not to be changed.
func All() []Source {
	return slices.Concat(ack(), upbound(), classic())
}

// Lookup returns the source of one kind of All, Identities or Declared, whatever its version.
func Lookup(gk schema.GroupKind) (Source, bool) {
	k, ok := find(gk)
	return k.Source, ok
}

// kind is a source with what is derived from it.
type kind struct {
	Source
	judged []string // see Reading.Input
	kept   fields   // see Trim
}

var kinds = maps.Collect(func(yield func(schema.GroupKind, kind) bool) {
	for _, s := range slices.Concat(All(), Identities()) {
		if !yield(s.GroupKind(), kind{s, judged(s), kept(s)}) {
			return
		}
	}
})

// kindOf returns the kind of an object.
func kindOf(obj map[string]any) (kind, bool) {
	version, _ := obj["apiVersion"].(string)
	name, _ := obj["kind"].(string)
	return find(schema.FromAPIVersionAndKind(version, name).GroupKind())
}
