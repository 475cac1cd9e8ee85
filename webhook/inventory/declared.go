package inventory

import (
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// declared is what one object says about its bucket by itself.
func declared(r source.Reading) policy.Bucket {
	owner := r.Account
	if r.Source.OnAccessPoint() {
		owner = r.BucketAccount
	}
	const parts = 6 // of an ARN, the fifth of which is the account
	if arn := strings.SplitN(r.AccessPoint.Literal, ":", parts); r.Source.Service != "" && owner.Value == "" && len(arn) == parts {
		owner = source.Text{Value: arn[4], Pointer: r.AccessPoint.Pointer}
	}
	b := policy.Bucket{
		Name:      text(source.Text{Value: r.Name.Literal, Pointer: r.Name.Pointer}),
		Owner:     text(owner),
		Region:    text(r.Region),
		Partition: text(r.Partition),
		ACL:       acl(r.ACL),
		ObjectACL: acl(r.ObjectACL),
		Features: policy.Features{
			Versioning: feature(r.Features.Versioning), AccessLog: feature(r.Features.AccessLog), Key: feature(r.Features.Key),
			ObjectLock: feature(r.Features.ObjectLock), AbortUploads: feature(r.Features.AbortUploads),
		},
	}
	for _, s := range r.Ownership {
		if !s.CreateOnly && s.Value != "" {
			b.Ownership = policy.Fact[policy.Ownership]{
				Value: policy.Ownership(s.Value), Origin: originAt(s.Pointer), From: source.FieldPath(s.Pointer),
			}
			break
		}
	}
	// An access point has a block of its own, which is not the bucket's. An account's is for all of its buckets, so that
	// only its own object is judged for it.
	account := len(r.Source.Bucket) == 0
	if block, ok := r.BlockPublicAccess(); ok && !r.Source.OnAccessPoint() && (account || r.Name != (source.BucketName{})) {
		b.PublicAccessBlock = policy.Fact[policy.PublicAccessBlock]{
			Value: policy.PublicAccessBlock{
				BlockPublicAcls: block.BlockPublicAcls, BlockPublicPolicy: block.BlockPublicPolicy,
				IgnorePublicAcls: block.IgnorePublicAcls, RestrictPublicBuckets: block.RestrictPublicBuckets,
				ACLs: r.Source.PublicAccessBlock.ACLs, Dropped: block.Dropped,
			},
			Origin: originAt(block.Pointer), Field: fieldAt(block.Pointer), From: source.FieldPath(block.Pointer),
		}
	}
	return b
}

// originAt tells what a controller found in AWS from what the author of an object wrote, by the place in the object.
func originAt(pointer string) policy.Origin {
	if strings.HasPrefix(pointer, "/status/") {
		return policy.Observed
	}
	return policy.Declared
}

// fieldAt returns the field at a place, "" for the object as a whole: no field says it.
func fieldAt(pointer string) string {
	if pointer == "" {
		return ""
	}
	return source.FieldPath(pointer)
}

func text(t source.Text) policy.Fact[string] {
	if t.Value == "" {
		return policy.Fact[string]{}
	}
	return policy.Fact[string]{Value: t.Value, Origin: originAt(t.Pointer), Field: fieldAt(t.Pointer), From: source.FieldPath(t.Pointer)}
}

func feature(t *source.Text) policy.Fact[string] {
	if t == nil {
		return policy.Fact[string]{}
	}
	return policy.Fact[string]{Value: t.Value, Origin: originAt(t.Pointer), Field: fieldAt(t.Pointer), From: source.FieldPath(t.Pointer)}
}

func acl(a source.ACL) policy.Fact[policy.ACL] {
	var out policy.Fact[policy.ACL]
	out.Value.Live = a.Live
	if len(a.Canned) > 0 {
		out.Value.Canned, out.From = a.Canned[0].Value, source.FieldPath(a.Canned[0].Pointer)
	}
	for _, g := range a.Grants {
		out.Value.Grants = append(out.Value.Grants, policy.Grant{
			Permission: g.Permission, ID: g.ID, URI: g.URI, Email: g.Email, Field: source.FieldPath(g.Pointer),
		})
	}
	if len(a.Canned) == 0 && len(a.Grants) > 0 {
		out.From = source.FieldPath(a.Grants[0].Pointer)
	}
	switch {
	case len(a.Canned) > 0:
		out.Origin, out.Field = originAt(a.Canned[0].Pointer), fieldAt(a.Canned[0].Pointer)
	case len(a.Grants) > 0:
		out.Origin, out.Field = originAt(a.Grants[0].Pointer), fieldAt(a.Grants[0].Pointer)
	}
	return out
}
