package review

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// shadowedACLs returns an input for each canned ACL behind the one that counts: initProvider's beside forProvider's. It
// counts once the other goes away.
func shadowedACLs(reading source.Reading, bucket policy.Bucket) []policy.Input {
	var out []policy.Input
	shadowed := func(canned []source.Setting, acl *policy.Fact[policy.ACL]) {
		for _, s := range canned[min(1, len(canned)):] {
			*acl = policy.Fact[policy.ACL]{
				Value: policy.ACL{Canned: s.Value}, Origin: policy.Declared, From: source.FieldPath(s.Pointer),
			}
			out = append(out, policy.Input{Kind: policy.Settings, Bucket: bucket})
		}
	}
	shadowed(reading.ACL.Canned, &bucket.ACL)
	shadowed(reading.ObjectACL.Canned, &bucket.ObjectACL)
	return out
}

// input reads one document of an object into what is known about it.
func input(d source.Embedded, reading source.Reading, in policy.Input) policy.Input {
	in.Kind = policy.BucketPolicy
	switch {
	case reading.Source.Service != "":
		in.Kind, in.Service = policy.NeighbourPolicy, reading.Source.Service
	case reading.Source.OnAccessPoint():
		in.Kind = policy.AccessPointPolicy
	case reading.Source.OnIdentity():
		in.Kind = policy.IdentityPolicy
	}
	unreadable := d.Err
	if len(d.Overwritten) > 0 {
		unreadable = fmt.Errorf("%s: a later condition with the same operator and key silently replaces it; merge them",
			strings.Join(d.Overwritten, ", "))
	}
	if unreadable != nil {
		in.Text, in.Unreadable = d.Raw, unreadable
		return in
	}
	in = in.With(d.Raw)
	// An access point on an Outpost is of the same kind, and a kind of somebody's own may be about anything.
	either := in.Kind == policy.AccessPointPolicy || reading.Source.Provider == source.Own
	if service := serviceOf(in.Document); either && service != "" {
		in.Kind, in.Service = policy.NeighbourPolicy, service
	}
	return in
}

// serviceOf returns the service beside S3 that all actions of a document belong to, "" where there is none.
func serviceOf(d *iam.Document) string {
	service := ""
	if d == nil {
		return ""
	}
	for _, s := range d.Statements {
		for _, a := range slices.Concat(s.Action, s.NotAction) {
			prefix, _, _ := strings.Cut(strings.ToLower(a.Text), ":")
			if _, ok := catalog.LookupNeighbour(prefix); !ok || service != "" && prefix != service {
				return ""
			}
			service = prefix
		}
	}
	return service
}

// mostBuckets is how many buckets of one policy are looked up.
const mostBuckets = 50

// bucketsOf returns the buckets that the policy of a user, role or group names, with the Object Ownership and the owner that objects
// beside it declare: the object's own account is that of whoever calls.
func bucketsOf(in policy.Input, obj map[string]any, reading source.Reading, inventory Inventory) map[string]policy.Bucket {
	if in.Kind != policy.IdentityPolicy {
		return nil
	}
	out := map[string]policy.Bucket{}
	reading.Account = source.Text{}
	for _, s := range in.Statements() {
		names, _ := policy.BucketNames(s.Resource)
		for _, name := range names {
			if _, done := out[name]; done || len(out) == mostBuckets {
				continue
			}
			reading.Name = source.BucketName{Literal: name}
			if found := inventory.Bucket(obj, reading); found.Ownership.Known() {
				out[name] = policy.Bucket{Name: found.Name, Ownership: found.Ownership, Owner: found.Owner}
			}
		}
	}
	return out
}
