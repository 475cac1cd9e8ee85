package policy

import (
	"regexp"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/ownership"
)

// Bucket is what is known about the bucket that a document belongs to. Every fact carries where it was learnt.
type Bucket struct {
	Name              Fact[string]
	Ownership         Fact[Ownership]
	PublicAccessBlock Fact[PublicAccessBlock]
	ACL               Fact[ACL]
	ObjectACL         Fact[ACL]    // of what the object that is judged puts into the bucket: an object, or server access logs
	Owner             Fact[string] // account, 12 digits
	Region            Fact[string]
	Partition         Fact[string] // aws, aws-cn, aws-us-gov
	// Controllers are the ARNs of the roles or users in which controllers manage the bucket, as far as anybody says so. What does
	// not have the form of ControllerARN is nobody.
	Controllers []Fact[string]
	Features    Features
	// Made names the object that makes the bucket and leaves to S3 what no object beside it declares: "Bucket logs". It is known
	// where that is another object than the one that is judged.
	Made Fact[string]
	// Rivals are other objects that manage what the object manages, one for each setting.
	Rivals []Rival
}

// Rival is another object about a setting of which S3 keeps one for each bucket.
type Rival struct {
	Setting string // "policy", "Object Ownership", "public access block"
	Object  string // for people: "BucketPolicy team-a/logs"
	Field   string // of the object that is judged, where it has the setting: "spec.forProvider.policy"
}

// ControllerARN is the form of the ARN of one role or user, without wildcards.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
var ControllerARN = regexp.MustCompile(`^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/[^\s*?$]+$`)

// Features are settings that protect what is in a bucket, as the object declares them that is the bucket or is for that setting:
// the value is "" where one is off or left out. One that the kind has no field for is not known. Where a setting stands in an
// object of its own and there is none, the origin is AWSDefault.
type Features struct {
	Versioning   Fact[string] // Enabled
	AccessLog    Fact[string] // the bucket that server access logs go to, or "object NAME" for what refers to it
	Key          Fact[string] // the KMS key that objects are encrypted with by default
	ObjectLock   Fact[string] // Enabled
	AbortUploads Fact[string] // the days after which the lifecycle of the whole bucket aborts incomplete uploads
}

// All returns each of them.
func (f *Features) All() [5]*Fact[string] {
	return [...]*Fact[string]{&f.Versioning, &f.AccessLog, &f.Key, &f.ObjectLock, &f.AbortUploads}
}

// Fact is a value and its provenance.
type Fact[T any] struct {
	Value  T
	Origin Origin
	Field  string // of the object, where it has the value and a fix may set it: "spec.acl"; "" where no field has it
	From   string // for people: where it was read, "spec.acl", "BucketOwnershipControls team-a/logs", or who contradicts whom
}

// Origin says how a Fact was learnt, weakest first.
type Origin uint8

// The origins. Facts from Sibling on are explicit: they are written down for this very bucket.
const (
	Unknown      Origin = iota
	Contradicted        // objects say different things, so that there is no value
	AWSDefault          // what AWS does for buckets made since April 2023
	Claimed             // an object of another namespace, whose author may have no say in this bucket
	Configured          // an assumption that an operator configured
	Sibling             // another object about the same bucket
	Declared            // the object itself, by what its author wrote
	Observed            // the object itself, by what a controller found in AWS
)

// Known reports whether there is any value.
func (f Fact[T]) Known() bool { return f.Origin > Contradicted }

// Here reports whether the value is the object's own, declared or observed.
func (f Fact[T]) Here() bool { return f.Origin >= Declared }

// Explicit reports whether the value is written down for this bucket, here or in a sibling object.
func (f Fact[T]) Explicit() bool { return f.Origin >= Sibling }

// Ownership is S3's Object Ownership setting.
type Ownership = ownership.Setting

// The settings of Object Ownership.
const (
	BucketOwnerEnforced  = ownership.BucketOwnerEnforced // ACLs are off
	BucketOwnerPreferred = ownership.BucketOwnerPreferred
	ObjectWriter         = ownership.ObjectWriter
)

// OneOf names settings as a person does: "BucketOwnerPreferred or ObjectWriter".
func OneOf(settings []Ownership) string {
	var out []string
	for _, o := range settings {
		out = append(out, string(o))
	}
	return strings.Join(out, " or ")
}

// PublicAccessBlock is the four switches of Block Public Access; nil is not set.
type PublicAccessBlock struct {
	BlockPublicAcls, BlockPublicPolicy, IgnorePublicAcls, RestrictPublicBuckets *bool

	ACLs    string // how the object spells it in the names of its switches: "ACLs"; "" for Acls
	Dropped string // switches of the object that no field has but in another case, so that the API server drops them: "blockPublicAcls"
}

// ACL is a bucket's access control list: a canned one, grants, or both as written.
type ACL struct {
	Canned string // private, public-read, ...; "" when none is set
	Grants []Grant
	Logs   bool // it is that of each server access log which S3 writes to the bucket
	Live   bool // as a controller found it in AWS: the grants are those that the canned ACL stands for, the owner's among them
}

// Grant is one entry of an access control list.
type Grant struct {
	Permission string // READ, WRITE, READ_ACP, WRITE_ACP, FULL_CONTROL
	ID         string // canonical user id
	URI        string // group
	Email      string
	Field      string // where the object holds it: "spec.grantRead"
}
