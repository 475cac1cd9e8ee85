package rules

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// fits reports whether an action is what an Action element says, in any case.
func fits(element, action string) bool {
	if !strings.ContainsAny(element, "*?") { // as most do not
		return strings.EqualFold(element, action)
	}
	return glob.MatchFold(element, action)
}

// everyAction reports whether a pattern matches all actions of S3, or of S3 Express.
func everyAction(pattern string) bool {
	if !strings.HasSuffix(pattern, "*") {
		return false
	}
	p := glob.Compile(pattern).Fold()
	return slices.ContainsFunc(everything[:], func(names []string) bool {
		return !slices.ContainsFunc(names, func(name string) bool { return !p.Match(name) })
	})
}

// everything is the names of all actions in lower case, by service.
var everything = func() (out [2][]string) {
	for a := range catalog.Actions() {
		name := strings.ToLower(a.Name())
		service := 0
		if strings.HasPrefix(name, "s3express:") {
			service = 1
		}
		out[service] = append(out[service], name)
	}
	return out
}()

// setsACL reports whether an action, written out, does nothing but set ACLs.
func setsACL(action string) bool {
	return someACLWrite(func(name string) bool { return strings.EqualFold(name, action) })
}

// someACLWrite reports whether one of the actions that set ACLs is so.
func someACLWrite(is func(name string) bool) bool {
	for a := range catalog.ACLWrites() {
		if is(a.Name()) {
			return true
		}
	}
	return false
}

// ownerOverride has replicas belong to the owner of the bucket that they are written to.
const ownerOverride = "s3:ObjectOwnerOverrideToBucketOwner"

func isOwnerOverride(action string) bool { return action == ownerOverride }

// actionList names each action once, as AWS spells it.
func actionList(values []*iam.Value) string {
	var names []string
	for _, v := range values {
		if a, _ := catalog.LookupAction(v.Text); !slices.Contains(names, a.Name()) {
			names = append(names, a.Name())
		}
	}
	return strings.Join(names, ", ")
}

// actionsOf returns the actions of some levels that a bucket policy can grant.
func actionsOf(levels ...catalog.Level) []string {
	var out []string
	for a := range catalog.Actions() {
		if a.InBucketPolicy() && slices.Contains(levels, a.Level()) {
			out = append(out, a.Name())
		}
	}
	return out
}

// reads and writes are what a bucket policy can grant, and both together are all of it. Tagging is a write: tags decide
// what lifecycle rules delete and, in a condition, who gets in.
var (
	reads  = actionsOf(catalog.List, catalog.Read)
	writes = actionsOf(catalog.Tagging, catalog.Write, catalog.PermissionsManagement)
)

// notReads and notWrites accept all the rest.
var notReads, notWrites = allBut(reads), allBut(writes)

// managed is what changes who has access. To hand an object over to the bucket's owner is none of it: replication between
// accounts asks for that.
var managed = slices.DeleteFunc(actionsOf(catalog.PermissionsManagement), isOwnerOverride)

// used is the rest: what uses the bucket.
var used = append(actionsOf(catalog.List, catalog.Read, catalog.Tagging, catalog.Write), ownerOverride)

var toUse = grantOf(used)

// grant is a part of what a bucket policy can grant.
type grant struct {
	actions names
	others  *iam.Document // accepts all the rest
}

// by reports whether a statement's actions may be any of it.
func (g grant) by(s *iam.Statement) bool {
	return s.NotAction != nil || slices.ContainsFunc(s.Action, func(v *iam.Value) bool { return g.actions.matches(v.Text) })
}

// all reports whether they are nothing else, each by its name.
func (g grant) all(s *iam.Statement) bool {
	return s.NotAction == nil && !slices.ContainsFunc(s.Action, func(v *iam.Value) bool {
		return !slices.ContainsFunc(g.actions, func(n name) bool { return strings.EqualFold(n.text, v.Text) })
	})
}

// grantOf returns what these actions are a part of.
func grantOf(actions []string) grant { return grant{namesOf(slices.Values(actions)), allBut(actions)} }
