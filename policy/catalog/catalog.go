// Package catalog holds what AWS publishes about S3 authorization as a table: the actions, the resource
// types they apply to, the condition keys they support, the global condition keys, and the service
// principals that S3 buckets are commonly opened to.
//
// Names compare without regard to ASCII case, as IAM compares action and condition key names:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
// A name that is not here is unknown, not wrong: AWS adds actions and keys every month.
package catalog

import (
	"iter"
	"slices"
)

//go:generate go run ../../hack/catalog -o tables_gen.go

// Action is one S3 action. Actions compare with ==; the zero Action is none.
type Action struct {
	name      string
	level     Level
	resources Resources
	keys      uint8 // index into keySets
}

// Name is the action as AWS spells it, with its prefix: "s3:PutObject".
func (a Action) Name() string { return a.name }

// Level is the access level that AWS gives the action.
// Where AWS gives two ("Permissions management, Write"), it is the narrower one.
func (a Action) Level() Level { return a.level }

// Resources are the resource types the action applies to.
// None means an action of the account, which an identity policy can only grant on Resource "*".
func (a Action) Resources() Resources { return a.resources }

// Supports reports whether requests for the action can carry the condition key:
// one of the action's own, one of its resource types', or a global key.
// The three global keys about tags (aws:RequestTag, aws:ResourceTag, aws:TagKeys) count only where AWS lists them.
// S3 refuses a statement in which an action that is named in full does not support a condition key.
func (a Action) Supports(key string) bool {
	i, ok := findKey(key)
	return ok && keySets[a.keys].has(i)
}

// InBucketPolicy reports whether the policy of a bucket, be it general purpose or directory, has a use for the action.
//
// Such a policy only speaks of its bucket and the objects in it. Actions of accounts, access points and jobs can only be
// granted by identity policies: https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html
// CreateBucket is out too, although S3 may accept it: no bucket has a policy before it exists.
func (a Action) InBucketPolicy() bool {
	if a.name == "s3:CreateBucket" || a.name == "s3express:CreateBucket" {
		return false
	}
	return a.resources&(Bucket|Object|DirectoryBucket) != 0
}

// Actions yields every action, the s3: ones before the s3express: ones, each in alphabetical order.
func Actions() iter.Seq[Action] { return slices.Values(actionTable[:]) }

// LookupAction finds an action by its full name, such as "s3:PutObject", in any case. It does not expand wildcards.
func LookupAction(name string) (Action, bool) {
	i, ok := actionAsSpelled[name]
	if !ok {
		i, ok = slices.BinarySearchFunc(actionTable[:], name, func(a Action, name string) int {
			return compareFold(a.name, name)
		})
	}
	if !ok {
		return Action{}, false
	}
	return actionTable[i], true
}

// actionAsSpelled finds those that are spelled as AWS spells them, which nearly all are, in one step.
var actionAsSpelled = func() map[string]int {
	out := make(map[string]int, len(actionTable))
	for i, a := range actionTable {
		out[a.name] = i
	}
	return out
}()

// ACLWrites yields the actions that set an ACL and do nothing else, in alphabetical order. Under the Object Ownership
// setting BucketOwnerEnforced S3 refuses such requests, or accepts them without effect when the ACL is the one the bucket
// owner has anyway: https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
func ACLWrites() iter.Seq[Action] { return slices.Values(aclWrites) }

var aclWrites = func() (acts []Action) {
	for _, name := range [...]string{"s3:PutBucketAcl", "s3:PutObjectAcl", "s3:PutObjectVersionAcl"} {
		a, _ := LookupAction(name)
		acts = append(acts, a)
	}
	return acts
}()

// Level is an access level, from the harmless to the powerful.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html
type Level uint8

// The access levels. The zero Level is that of the zero Action.
const (
	List Level = iota + 1
	Read
	Tagging
	Write
	PermissionsManagement
)

// String is the level as IAM prints it: "Permissions management".
func (l Level) String() string {
	return [...]string{"", "List", "Read", "Tagging", "Write", "Permissions management"}[l]
}

// compareFold orders strings by their bytes with ASCII letters in lower case.
// Only ASCII folds: no name of AWS has other letters, and the Kelvin sign is not a k.
func compareFold(a, b string) int {
	for i := range min(len(a), len(b)) {
		if a[i] == b[i] {
			continue
		}
		if x, y := lower(a[i]), lower(b[i]); x != y {
			return int(x) - int(y)
		}
	}
	return len(a) - len(b)
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}
