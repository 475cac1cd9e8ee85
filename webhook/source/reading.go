package source

import (
	"cmp"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Reading is what one object declares. It shares maps with the object: change neither.
type Reading struct {
	Source      Source
	Namespace   string // of the object, "" for a cluster-scoped one
	Object      string // its own name; "" while generateName has not made one
	Labels      map[string]string
	Name        BucketName      // zero while it is unknown, as under generateName
	AccessPoint AccessPointName // zero unless Source.OnAccessPoint
	Documents   []Embedded      // the one that counts first; fields that hold "" are no documents
	Blank       []string        // pointers of policy fields that hold "": ACK deletes the bucket's policy, others send nothing
	Ownership   []Setting       // the one that counts first

	// PublicAccessBlock has one element for each place that declares a block, the one that counts first; see
	// BlockPublicAccess.
	PublicAccessBlock []PublicAccessBlock
	ACL               ACL
	// ObjectACL is of an object in the bucket with the key ObjectKey; both are zero unless the kind is one.
	ObjectACL ACL
	ObjectKey Text
	// LogTarget is the bucket that S3 writes the server access logs of Name to, and LogACL what is granted on each log.
	LogTarget      BucketName
	LogACL         ACL
	Features       Features
	Account        Text // 12 digits
	BucketAccount  Text // where it may differ from Account, as with access points
	Region         Text
	Partition      Text // aws, aws-cn, ...; from the ARN or the region where the object does not say
	ProviderConfig ProviderConfig
	Mode           Mode
	// Profile names the workload that the bucket is for, with Parameters: what the annotations say.
	Profile, Parameters Text
	Deleting            bool // metadata.deletionTimestamp is set
	Owner               Owner

	root node // for Input
}

// Input returns a canonical text of everything in the object that is judged: the kind, policies, names, references and
// selectors, ownership, public access block, ACL and grants, account, region, provider configuration, and what decides
// whether any of it is sent to AWS. Two objects have the same text only if all of that is the same. Labels, other
// annotations, finalizers and status have no part in it.
func (r Reading) Input() string {
	k, ok := find(r.Source.GroupKind())
	if !ok {
		return ""
	}
	return input(r.root, k)
}

// BlockPublicAccess returns the four switches of all places together: the first that says anything about a switch
// counts. It is false when no block is declared.
func (r Reading) BlockPublicAccess() (PublicAccessBlock, bool) {
	if len(r.PublicAccessBlock) == 0 {
		return PublicAccessBlock{}, false
	}
	all := r.PublicAccessBlock[0]
	for _, b := range r.PublicAccessBlock[1:] {
		all.BlockPublicAcls = either(all.BlockPublicAcls, b.BlockPublicAcls)
		all.BlockPublicPolicy = either(all.BlockPublicPolicy, b.BlockPublicPolicy)
		all.IgnorePublicAcls = either(all.IgnorePublicAcls, b.IgnorePublicAcls)
		all.RestrictPublicBuckets = either(all.RestrictPublicBuckets, b.RestrictPublicBuckets)
		all.Dropped = cmp.Or(all.Dropped, b.Dropped)
	}
	return all, true
}

func either(a, b *bool) *bool {
	if a != nil {
		return a
	}
	return b
}

// BucketName is how an object names a bucket: literally, by a reference to another object, or by a selector over labels.
// More than one may be set: a resolver fills Literal and Ref and leaves Selector. Literal then counts, unless Ref or
// Selector is to be resolved Always.
type BucketName struct {
	Literal  string
	Pointer  string    // where Literal was read
	Ref      *Ref      // nil when there is none
	Selector *Selector // nil when there is none
}

// AccessPointName is the same for an access point. Literal is a name or an ARN.
type AccessPointName BucketName

// Ref names one object.
type Ref struct {
	Name      string
	Namespace string // "" for a cluster-scoped object
	Always    bool   // resolved again at every reconcile, whatever Literal says
	Pointer   string
}

// Selector matches objects; the first in list order counts.
type Selector struct {
	MatchLabels        map[string]string
	MatchControllerRef bool   // only objects with the same controller
	Namespace          string // "" for cluster-scoped objects
	Always             bool   // resolved again at every reconcile, whatever Literal and Ref say
	Pointer            string
}

// Text is a string of an object and where it was read. The zero Text is unknown.
type Text struct{ Value, Pointer string }

// Side is the part of a spec that a field stands in.
type Side string

// The sides. Only Upbound's kinds have InitProvider, which counts where ForProvider says nothing.
const (
	Spec         Side = "spec"
	ForProvider  Side = "forProvider"
	InitProvider Side = "initProvider"
)

// Setting is the value of one setting, as written: the kinds do not enumerate what may be there.
type Setting struct {
	Value      string
	Pointer    string
	Side       Side
	CreateOnly bool // used when the bucket is created and never again: proves nothing about an existing bucket
}

// PublicAccessBlock is the four switches of Block Public Access in one place. S3 takes one that is nil for false.
//
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PublicAccessBlockConfiguration.html
type PublicAccessBlock struct {
	BlockPublicAcls, BlockPublicPolicy, IgnorePublicAcls, RestrictPublicBuckets *bool

	Pointer string // of the object that holds the switches; "" for an Absent block
	Side    Side
	Dropped string // switches that no field has but in another case, so that the API server drops them: "blockPublicAcls"
	Absent  bool   // no block is written down, and the provider therefore deletes the bucket's: all four are false
}

// ACL is a bucket's access control list as declared: canned, grants, or both.
type ACL struct {
	Canned []Setting // the one that counts first
	Grants []Grant   // all of them count
	// Live ACLs are as ACK found them in AWS: it lists every canned ACL that the grants may have come from.
	Live bool
}

// Features are the settings of policy.Features, each nil where the kind has no field for it. One that is off has no Value, and
// the place where it is switched on.
type Features struct{ Versioning, AccessLog, Key, ObjectLock, AbortUploads *Text }

// Grant is one entry of an access control list. One of ID, URI, Email and Unknown is set at least.
type Grant struct {
	Permission string // READ, WRITE, READ_ACP, WRITE_ACP, FULL_CONTROL, or what else is written there
	ID         string // canonical user id
	URI        string // group
	Email      string
	Unknown    string // text that names no grantee, quoted from the object
	Pointer    string
	Side       Side
}

// ProviderConfig names the Crossplane object that holds the credentials, and so decides the account.
// It is zero for ACK, and for kinds of somebody's own.
type ProviderConfig struct{ Kind, Name, Pointer string }

// Mode says whether what an object declares is sent to AWS.
type Mode struct {
	// ObserveOnly objects are compared with AWS and never sent: managementPolicies without *, Create and Update; ACK's
	// read-only annotation.
	ObserveOnly bool
	// Adopting objects get their spec from AWS before anything is sent: ACK's adoption-policy "adopt", not yet adopted.
	// With "adopt-or-create" the spec is sent, so it does not count.
	Adopting bool
	// Adopted objects have been through that, and are sent from then on.
	Adopted bool
	// Paused objects are not reconciled for now. It exempts nothing: resuming changes no judged field.
	Paused bool
	// Orphan objects leave AWS as it is when they are deleted.
	Orphan bool
}

// Owner is what made an object, as far as it says so. All but Controller come from Crossplane's own metadata.
type Owner struct {
	Composite      string // name of the composite resource
	Claim          string
	ClaimNamespace string
	Resource       string // name of the resource in its Composition
	Controller     *Controller
}

// Controller is the owner reference that has controller set.
type Controller struct {
	schema.GroupVersionKind
	Name string
}

// Encoding is how a field holds a policy document.
type Encoding uint8

// The encodings.
const (
	JSON       Encoding = iota // a string of JSON
	Structured                 // an object of the provider's own making, which it turns into JSON
	Object                     // the document itself, as an object
	URL                        // a string of JSON that the provider takes for URL-encoded, whether or not it is
)

// String returns the encoding's name in lower case.
func (e Encoding) String() string { return [...]string{"json", "structured", "object", "url"}[e] }

// Embedded is one policy document inside an object.
type Embedded struct {
	Pointer  string // of its field: "/spec/forProvider/policy"
	Field    string // the same as people write it: "spec.forProvider.policy"
	Raw      string // JSON text as AWS gets it; "" when Err is set
	Encoding Encoding
	Side     Side
	Shadowed bool // another field counts before this one for now. Judged all the same: that field may go away

	// Encoded is what the field holds, for a URL document.
	Encoded string
	// Err is a *FieldError: why there is no JSON. The provider then sends nothing. nil for a JSON document.
	Err error
	// Structured is the field itself, for a Structured or an Object document.
	Structured map[string]any

	// The rest is for Structured documents.

	Overwritten []string // fields, as people write them, of conditions that a later one with the same key replaces
	Refs        bool     // the controller's resolver rewrites the statement list: a patch would never last
}
