package usage

import (
	"slices"

	"github.com/bucketwarden/bucketwarden/policy/accesslog"
	"github.com/bucketwarden/bucketwarden/policy/catalog"
)

// shows reports whether these logs would show that an action was used: by its operation, and as one of the kinds that they
// have of the policy's bucket.
func (e *Evidence) shows(action string) bool {
	return accesslog.Shown(action) && e.kinds&kindOf(action) != 0
}

// kindOf is the kind of request that asks for an action. Listing a bucket is a data event of CloudTrail.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html
func kindOf(action string) accesslog.Kinds {
	a, _ := catalog.LookupAction(action)
	reads := a.Level() == catalog.List || a.Level() == catalog.Read
	data := a.Resources()&catalog.Object != 0 || a.Level() == catalog.List
	switch {
	case data && reads:
		return accesslog.ObjectReads
	case data:
		return accesslog.ObjectWrites
	case reads:
		return accesslog.BucketReads
	}
	return accesslog.BucketWrites
}

// complete reports whether the logs have requests of every kind that some of the actions are.
func (e *Evidence) complete(actions []string) bool {
	return !slices.ContainsFunc(actions, func(a string) bool { return accesslog.Shown(a) && e.kinds&kindOf(a) == 0 })
}
