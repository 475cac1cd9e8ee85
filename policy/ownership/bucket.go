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

// Permission is what a permission of a bucket's ACL comes to in a policy.
type Permission struct {
	Bucket, Objects []string // actions on the bucket, and on all of its objects
}

// permissions is AWS's table, but for FULL_CONTROL, which is all of them. That WRITE lets the bucket's owner and an object's
// owner delete is not in it: what they own they may delete by that.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#acl-access-policy-permission-mapping
var permissions = map[string]Permission{
	"READ":      {Bucket: []string{"s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"}},
	"WRITE":     {Objects: []string{"s3:PutObject"}},
	"READ_ACP":  {Bucket: []string{"s3:GetBucketAcl"}},
	"WRITE_ACP": {Bucket: []string{"s3:PutBucketAcl"}},
}

// BucketPermission returns what a permission of a bucket's ACL comes to in a policy. It is false for one that there is not.
func BucketPermission(name string) (Permission, bool) {
	if name != "FULL_CONTROL" {
		p, ok := permissions[name]
		return p, ok
	}
	var all Permission
	for _, one := range []string{"READ", "WRITE", "READ_ACP", "WRITE_ACP"} {
		all.Bucket = append(all.Bucket, permissions[one].Bucket...)
		all.Objects = append(all.Objects, permissions[one].Objects...)
	}
	return all, true
}
