package accesslog

import "strings"

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
