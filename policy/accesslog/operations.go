package accesslog

import (
	"slices"
	"strings"
)

// Permissions are what a request asks for.
type Permissions struct {
	Object bool     // they are about an object, not its bucket
	Needed []string // actions: "s3:GetObject"
	// Perhaps are actions that the request may have asked for as well, or instead: the log does not show what decides that.
	Perhaps []string
}

// Lookup returns the permissions that an operation asks for, and false for one that is not known here. key tells whether
// the log names an object. Operations that no policy decides about ask for none.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
func Lookup(operation string, key bool, flags Flags) (Permissions, bool) {
	if slices.Contains(unjudged, operation) || strings.HasPrefix(operation, "S3.") {
		return Permissions{}, true
	}
	rest := strings.Contains(operation, ".")
	for _, o := range onObjects {
		if slices.Contains(o.operations, operation) && (key || !rest) {
			return o.permissions(operation, flags), true
		}
	}
	if key && rest { // of an object, by a name that is not known here
		return Permissions{}, false
	}
	action, ok := onBucket(operation)
	return Permissions{Needed: []string{action}}, ok
}

// unjudged are operations that a policy does not decide about as such: the browser's question before a request, and the
// request whose deletions are logged one by one. S3's own, of lifecycles and the like, all begin with S3.
var unjudged = []string{"REST.OPTIONS.PREFLIGHT", "REST.POST.MULTI_OBJECT_DELETE"}

// onObject is what operations on objects ask for.
type onObject struct {
	action     string // without s3:
	version    string // in its place when the request may name a version
	perhaps    []string
	operations []string
}

// Actions that the operation alone does not show: replication uses its own, and headers ask for more.
var (
	withReads   = []string{"GetObjectVersionForReplication"}
	withDeletes = []string{"BypassGovernanceRetention", "ReplicateDelete"}
	withCopies  = []string{"GetObjectTagging", "GetObjectVersionForReplication", "GetObjectVersionTagging"}
	withUploads = []string{"PutObjectTagging", "PutObjectRetention", "PutObjectLegalHold", "ReplicateObject", "ReplicateTags",
		"ObjectOwnerOverrideToBucketOwner"}
	uploadsACL   = "PutObjectAcl"
	withLockings = []string{"BypassGovernanceRetention"}
)

var onObjects = []onObject{
	{"GetObject", "GetObjectVersion", withReads, []string{
		"REST.GET.OBJECT", "REST.HEAD.OBJECT", "WEBSITE.GET.OBJECT", "WEBSITE.HEAD.OBJECT", "GetObject",
		"HeadObject", "SelectObjectContent", "REST.POST.SELECT",
	}},
	{"GetObject", "GetObjectVersion", withCopies, []string{"REST.COPY.OBJECT_GET", "REST.COPY.PART_GET"}},
	{"PutObject", "", withUploads, []string{
		"REST.PUT.OBJECT", "REST.POST.OBJECT", "REST.COPY.OBJECT", "REST.COPY.PART", "REST.PUT.PART",
		"REST.POST.UPLOADS", "REST.POST.UPLOAD", "PutObject", "PostObject", "CopyObject", "UploadPart",
		"UploadPartCopy", "CreateMultipartUpload", "CompleteMultipartUpload",
	}},
	{"DeleteObject", "DeleteObjectVersion", withDeletes, []string{
		"REST.DELETE.OBJECT", "BATCH.DELETE.OBJECT", "DeleteObject", "DeleteObjects",
	}},
	{"AbortMultipartUpload", "", nil, []string{"REST.DELETE.UPLOAD", "AbortMultipartUpload"}},
	{"ListMultipartUploadParts", "", nil, []string{"REST.GET.UPLOAD", "ListParts"}},
	{"GetObjectAcl", "GetObjectVersionAcl", nil, []string{"REST.GET.ACL", "GetObjectAcl"}},
	{"PutObjectAcl", "PutObjectVersionAcl", nil, []string{"REST.PUT.ACL", "PutObjectAcl"}},
	{"GetObjectTagging", "GetObjectVersionTagging", nil, []string{
		"REST.GET.OBJECT_TAGGING", "GetObjectTagging",
	}},
	{"PutObjectTagging", "PutObjectVersionTagging", nil, []string{
		"REST.PUT.OBJECT_TAGGING", "PutObjectTagging",
	}},
	{"DeleteObjectTagging", "DeleteObjectVersionTagging", nil, []string{
		"REST.DELETE.OBJECT_TAGGING", "DeleteObjectTagging",
	}},
	{"GetObjectAttributes", "GetObjectVersionAttributes", []string{"GetObject", "GetObjectVersion"}, []string{
		"REST.GET.OBJECT_ATTRIBUTES", "GetObjectAttributes",
	}},
	{"GetObjectLegalHold", "", nil, []string{"REST.GET.LEGAL_HOLD", "GetObjectLegalHold"}},
	{"PutObjectLegalHold", "", nil, []string{"REST.PUT.LEGAL_HOLD", "PutObjectLegalHold"}},
	{"GetObjectRetention", "", nil, []string{"REST.GET.RETENTION", "GetObjectRetention"}},
	{"PutObjectRetention", "", withLockings, []string{"REST.PUT.RETENTION", "PutObjectRetention"}},
	{"RestoreObject", "", nil, []string{"REST.POST.RESTORE", "RestoreObject"}},
	{"GetObjectTorrent", "GetObjectVersionTorrent", nil, []string{"REST.GET.TORRENT", "GetObjectTorrent"}},
}

func (o onObject) permissions(operation string, flags Flags) Permissions {
	p := Permissions{Object: true, Needed: []string{"s3:" + o.action}, Perhaps: prefixed(o.perhaps)}
	if o.version != "" && (flags&OfVersion != 0 || operation == "DeleteObjects") { // of which CloudTrail lists nothing
		p.Perhaps = append(p.Perhaps, "s3:"+o.version)
	}
	switch {
	case o.action != "PutObject":
	case flags&SetsACL != 0:
		p.Needed = append(p.Needed, "s3:"+uploadsACL)
	default: // that CloudTrail has the header of every upload with an ACL is not documented
		p.Perhaps = append(p.Perhaps, "s3:"+uploadsACL)
	}
	return p
}

func prefixed(actions []string) []string {
	out := make([]string, len(actions))
	for i, a := range actions {
		out[i] = "s3:" + a
	}
	return out
}

// subresource is a part of a bucket's configuration: as server access logs call it, as its actions do, and as CloudTrail's
// events do where that is another name.
type subresource struct{ logged, action, event string }

var subresources = []subresource{
	{"ACCELERATE", "AccelerateConfiguration", "BucketAccelerateConfiguration"},
	{"ACL", "BucketAcl", ""},
	{"ANALYTICS", "AnalyticsConfiguration", "BucketAnalyticsConfiguration"},
	{"BUCKETPOLICY", "BucketPolicy", ""},
	{"CORS", "BucketCORS", "BucketCors"},
	{"ENCRYPTION", "EncryptionConfiguration", "BucketEncryption"},
	{"INTELLIGENT_TIERING", "IntelligentTieringConfiguration", "BucketIntelligentTieringConfiguration"},
	{"INVENTORY", "InventoryConfiguration", "BucketInventoryConfiguration"},
	{"LIFECYCLE", "LifecycleConfiguration", "BucketLifecycle"},
	{"LIFECYCLE", "LifecycleConfiguration", "BucketLifecycleConfiguration"},
	{"LOCATION", "BucketLocation", ""},
	{"LOGGING_STATUS", "BucketLogging", ""},
	{"METRICS", "MetricsConfiguration", "BucketMetricsConfiguration"},
	{"NOTIFICATION", "BucketNotification", "BucketNotificationConfiguration"},
	{"OBJECT_LOCK_CONFIGURATION", "BucketObjectLockConfiguration", "ObjectLockConfiguration"},
	{"OWNERSHIP_CONTROLS", "BucketOwnershipControls", ""},
	{"POLICY_STATUS", "BucketPolicyStatus", ""},
	{"PUBLIC_ACCESS_BLOCK", "BucketPublicAccessBlock", "PublicAccessBlock"},
	{"REPLICATION", "ReplicationConfiguration", "BucketReplication"},
	{"REQUEST_PAYMENT", "BucketRequestPayment", ""},
	{"TAGGING", "BucketTagging", ""},
	{"VERSIONING", "BucketVersioning", ""},
	{"WEBSITE", "BucketWebsite", ""},
}

// lists are the operations of a bucket that are none of its subresources.
var lists = map[string]string{
	"REST.GET.BUCKET": "ListBucket", "REST.HEAD.BUCKET": "ListBucket", "WEBSITE.GET.BUCKET": "ListBucket",
	"ListObjects": "ListBucket", "ListObjectsV2": "ListBucket", "HeadBucket": "ListBucket",
	"REST.GET.BUCKETVERSIONS": "ListBucketVersions", "ListObjectVersions": "ListBucketVersions",
	"REST.GET.UPLOADS": "ListBucketMultipartUploads", "ListMultipartUploads": "ListBucketMultipartUploads",
	"REST.DELETE.BUCKET": "DeleteBucket", "DeleteBucket": "DeleteBucket",
	"REST.PUT.BUCKET": "CreateBucket", "CreateBucket": "CreateBucket",
}

// onBucket returns the action of an operation on a bucket. Most deletions of configuration are asked for by Put.
func onBucket(operation string) (action string, ok bool) {
	if action, ok := lists[operation]; ok {
		return "s3:" + action, true
	}
	for _, verb := range [...]string{"Get", "Put", "Delete"} {
		logged, isLogged := strings.CutPrefix(operation, "REST."+strings.ToUpper(verb)+".")
		event, isEvent := strings.CutPrefix(operation, verb)
		for _, s := range subresources {
			if isLogged && logged == s.logged || isEvent && event != "" && (event == s.action || event == s.event) {
				if verb == "Delete" && s.action != "BucketPolicy" && s.action != "BucketWebsite" {
					verb = "Put"
				}
				return "s3:" + verb + s.action, true
			}
		}
	}
	return "", false
}

// Shown tells whether a request that asks for an action is one that logs show, by its operation. Others may be used and
// leave no trace of that.
func Shown(action string) bool {
	name := strings.ToLower(strings.TrimPrefix(action, "s3:"))
	is := func(a string) bool { return a != "" && strings.ToLower(a) == name }
	if slices.ContainsFunc(onObjects, func(o onObject) bool { return is(o.action) || is(o.version) }) {
		return true
	}
	for _, a := range lists {
		if is(a) {
			return true
		}
	}
	return slices.ContainsFunc(subresources, func(s subresource) bool { return is("Get"+s.action) || is("Put"+s.action) }) ||
		is("DeleteBucketPolicy") || is("DeleteBucketWebsite")
}
