package policy

import "github.com/bucketwarden/bucketwarden/policy/iam"

// Profile is the workload that somebody says a bucket is for, and what that needs. See package profiles.
type Profile struct {
	Name      string        // "cloudtrail"
	Field     string        // of the object, where it says so
	Grants    *iam.Document // the least that it needs; nil where Err says why nobody can tell
	Spare     []string      // actions that it is better off with, but can do without
	Ownership []Ownership   // settings under which it works; any when there are none
	Err       error
}
