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

// Lookup returns the permissions that an operation asks for, and false for one that is not known here. key reports whether
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

// Shown reports whether a request that asks for an action is one that logs show, by its operation. Others may be used and
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
