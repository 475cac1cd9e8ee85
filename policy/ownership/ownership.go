// Package ownership knows what S3's Object Ownership makes of an upload: whether it is accepted, who owns the object, which
// permission it takes, and where AWS's own pages leave that open. Whoever needs to know asks this table.
package ownership

// Setting is S3's Object Ownership setting of a bucket.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
type Setting string

// The settings.
const (
	BucketOwnerEnforced  Setting = "BucketOwnerEnforced" // ACLs are off
	BucketOwnerPreferred Setting = "BucketOwnerPreferred"
	ObjectWriter         Setting = "ObjectWriter"
)

// Settings returns all of them, AWS's default first.
func Settings() []Setting { return []Setting{BucketOwnerEnforced, BucketOwnerPreferred, ObjectWriter} }

// ACL is what an upload says of access control lists: a canned one, None, or one of two kinds of x-amz-grant-* headers.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl
type ACL string

// What an upload can say. All but None, Grants and OwnerGrant are values of the header x-amz-acl.
const (
	None                   ACL = "none"
	Private                ACL = "private"
	PublicRead             ACL = "public-read"
	PublicReadWrite        ACL = "public-read-write"
	AuthenticatedRead      ACL = "authenticated-read"
	AWSExecRead            ACL = "aws-exec-read"
	BucketOwnerRead        ACL = "bucket-owner-read"
	BucketOwnerFullControl ACL = "bucket-owner-full-control"
	LogDeliveryWrite       ACL = "log-delivery-write"
	Grants                 ACL = "grants"      // headers that grant to anybody but the bucket's owner
	OwnerGrant             ACL = "owner-grant" // x-amz-grant-full-control to the bucket's owner and nobody else
)

// Canned reports whether it is a value of the header x-amz-acl.
func (a ACL) Canned() bool { return a != None && a != Grants && a != OwnerGrant }

// Relation is how the account of the caller relates to that of the bucket.
type Relation string

// The relations.
const (
	SameAccount  Relation = "same account"
	OtherAccount Relation = "other account"
)

// Answer is what AWS's pages say to a question. Undecided: they do not say, or disagree.
type Answer string

// The answers.
const (
	Yes       Answer = "yes"
	No        Answer = "no"
	Undecided Answer = "undecided"
)

// Party is who owns an object.
type Party string

// The parties. What a writer of the bucket's account writes belongs to the bucket's owner.
const (
	BucketOwner Party = "bucket owner"
	Writer      Party = "writer"
)

// NotSupported is the error of S3 for an ACL where ACLs are off, with the status 400.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-ownership-error-responses.html
const NotSupported = "AccessControlListNotSupported"
