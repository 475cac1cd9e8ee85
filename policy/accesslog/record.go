package accesslog

// MaxRecord is the most bytes that one record may have: S3 bounds a request's headers and its key far below.
const MaxRecord = 256 << 10

// Record is one request. Its slices are valid until the next record is read.
type Record struct {
	Time   int64  // seconds since 1970
	Bucket []byte // its name
	Key    []byte // as logged, which is URL-encoded in server access logs; nil when no object is named
	// Caller is anonymous, the ARN of a user, a role (its sessions count as it) or an account's root, a service principal,
	// an account's 12 digits when the log tells no more, or else what the log has, as a canonical user id.
	Caller    []byte
	Operation []byte // REST.PUT.OBJECT, or PutObject from CloudTrail
	Flags     Flags
	Kinds     Kinds
	// Source is the bucket and key that CloudTrail says a copy was made from; nil else.
	SourceBucket, SourceKey []byte

	buf []byte // of Caller
}

// Flags say more about a request.
type Flags uint8

// The flags.
const (
	NeededACL Flags = 1 << iota // no policy let the request in, an ACL did
	ACLUnsaid                   // the log is older than the field that says so
	Refused                     // the caller was not let in
	NotFound                    // there was no such object
	OfVersion                   // the request named a version
	SetsACL                     // the request brought an ACL; only CloudTrail may tell
	FromTrail                   // CloudTrail tells, and not a server access log
)

// Kinds is a set of kinds of requests. A trail can leave some out; a server access log has all.
type Kinds uint8

// The kinds, by what they are about and whether they only read.
const (
	ObjectReads Kinds = 1 << iota
	ObjectWrites
	BucketReads
	BucketWrites
	AllKinds = ObjectReads | ObjectWrites | BucketReads | BucketWrites
)
