package ownership

// Grant is an entry of a bucket's ACL to a group.
type Grant struct {
	Group      string // its name behind Groups: "global/AllUsers"
	Permission string // READ, WRITE, READ_ACP, WRITE_ACP
}

// Groups begins the URI of every group that an ACL can name; the names of the groups follow.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#specifying-grantee-predefined-groups
const (
	Groups             = "http://acs.amazonaws.com/groups/"
	AllUsers           = "global/AllUsers"
	AuthenticatedUsers = "global/AuthenticatedUsers"
	LogDelivery        = "s3/LogDelivery"
)

// BucketGrants returns what a canned ACL on a bucket grants beside the owner's full control: nothing for those that are
// about the objects' owners, which S3 ignores on a bucket. It is false for an ACL that is not canned, and for aws-exec-read,
// whose grantee AWS does not name.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl
func BucketGrants(acl ACL) ([]Grant, bool) {
	switch acl {
	case Private, BucketOwnerRead, BucketOwnerFullControl:
		return nil, true
	case PublicRead:
		return []Grant{{AllUsers, "READ"}}, true
	case PublicReadWrite:
		return []Grant{{AllUsers, "READ"}, {AllUsers, "WRITE"}}, true
	case AuthenticatedRead:
		return []Grant{{AuthenticatedUsers, "READ"}}, true
	case LogDeliveryWrite:
		return []Grant{{LogDelivery, "WRITE"}, {LogDelivery, "READ_ACP"}}, true
	}
	return nil, false
}
