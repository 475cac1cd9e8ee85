package inventory

import (
	"reflect"
	"slices"
	"strings"
	"unique"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// Bucket returns what is known about the bucket of an object that is being judged: what the object says itself, then
// what the objects beside it say. Siblings that contradict each other, or the object, leave a setting unknown: the last
// writer wins in AWS, and nobody knows who that is. What an object of another namespace says is only a claim. An ACL and
// a public access block of the object itself stand, as the object is judged for them.
func (x *Index) Bucket(obj map[string]any, r source.Reading) policy.Bucket {
	x.mu.RLock()
	defer x.mu.RUnlock()
	siblings, name := x.about(probe(obj, r))
	return x.bucket(obj, r, siblings, name)
}

// BucketWith returns the same, were another object about the same bucket as it is given.
func (x *Index) BucketWith(obj map[string]any, r source.Reading, other map[string]any) policy.Bucket {
	x.mu.RLock()
	defer x.mu.RUnlock()
	siblings, name := x.about(probe(obj, r))
	e := NewEntry(other)
	siblings = slices.DeleteFunc(siblings, func(s *Entry) bool { return s.key == e.key })
	if e.packed != "" {
		siblings = append(siblings, e)
		slices.SortFunc(siblings, order)
	}
	return x.bucket(obj, r, siblings, name)
}

// bucket is what an object and those beside it say.
func (x *Index) bucket(obj map[string]any, r source.Reading, siblings []*Entry, name string) policy.Bucket {
	out := declared(r)
	x.mergeAccount(&out.Owner, credentials(KeyOf(obj), r), policy.Sibling)
	if !out.Name.Known() && name != "" {
		out.Name = policy.Fact[string]{Value: name, Origin: policy.Sibling, From: "the Bucket it refers to"}
	}
	block, acl, features := &out.PublicAccessBlock, &out.ACL, out.Features.All()
	if block.Known() {
		block = nil
	}
	if acl.Known() {
		acl = nil
	}
	for i, f := range features {
		if f.Known() {
			features[i] = nil
		}
	}
	type voice struct {
		says        unique.Handle[said]
		credentials unique.Handle[Key]
		own         bool
	}
	heard := map[voice]bool{} // who says what another one has said adds nothing
	for _, s := range siblings {
		own := s.key.Namespace == "" || s.key.Namespace == r.Namespace
		if v := (voice{s.says, s.credentials, own}); heard[v] {
			continue
		} else {
			heard[v] = true
		}
		from, says := from{s.key.String(), policy.Sibling}, s.says.Value()
		if !own {
			from.origin = policy.Claimed
		}
		merge(&out.Ownership, says.ownership, from, plain)
		merge(block, says.block, from, decode)
		merge(acl, says.acl, from, decode)
		for i, text := range says.each() {
			merge(features[i], text, from, decode)
		}
		merge(&out.Owner, says.owner, from, plain)
		merge(&out.Region, says.region, from, plain)
		merge(&out.Partition, says.partition, from, plain)
		if !says.silent {
			x.mergeAccount(&out.Owner, s.credentials.Value(), from.origin)
		}
	}
	for _, f := range features {
		if r.Source.Features.Beside && f != nil && f.Origin == policy.Unknown {
			f.Origin = policy.AWSDefault
		}
	}
	return out
}

func (x *Index) mergeAccount(owner *policy.Fact[string], decides Key, origin policy.Origin) {
	account := x.accounts[decides]
	merge(owner, account.id, from{account.from, origin}, plain)
}

// from is who says something, and how much that counts.
type from struct {
	who    string
	origin policy.Origin
}

// said is what an object tells about its bucket to those beside it, "" for nothing. It is all text, so that the many
// objects that say the same can share one.
type said struct {
	ownership, owner, region, partition string
	block, acl                          string // JSON of policy's types
	features                            string // JSON of a list of the JSON of each, of an object beside the bucket
	silent                              bool   // says nothing of what AWS is told: it is only observed, or on its way out
}

// each returns the JSON of each feature, "" for those that nothing is said of.
func (s said) each() (texts [5]string) {
	if s.features == "" {
		return texts
	}
	return decode[[len(texts)]string](s.features)
}

func saying(r source.Reading) said {
	if r.Mode.ObserveOnly || r.Deleting {
		return said{silent: true}
	}
	b := declared(r)
	out := said{
		ownership: string(b.Ownership.Value), owner: b.Owner.Value, region: b.Region.Value, partition: b.Partition.Value,
	}
	if b.PublicAccessBlock.Known() {
		out.block = encode(b.PublicAccessBlock.Value)
	}
	if b.ACL.Known() {
		out.acl = encode(b.ACL.Value)
	}
	if features := b.Features.All(); !isBucket(r.Source.GroupKind()) && slices.ContainsFunc(features[:], (*policy.Fact[string]).Known) {
		var texts [len(features)]string
		for i, f := range features {
			if f.Known() {
				texts[i] = encode(f.Value)
			}
		}
		out.features = encode(texts)
	}
	return out
}

// declared is what one object says about its bucket by itself.
func declared(r source.Reading) policy.Bucket {
	owner := r.Account
	if r.Source.OnAccessPoint() {
		owner = r.BucketAccount
	}
	b := policy.Bucket{
		Name:      text(source.Text{Value: r.Name.Literal, Pointer: r.Name.Pointer}),
		Owner:     text(owner),
		Region:    text(r.Region),
		Partition: text(r.Partition),
		ACL:       acl(r.ACL),
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

// merge takes over what a sibling says, unless it contradicts what is known already. The better witness of two that agree
// counts. A nil fact stands, whoever says what.
func merge[T any](known *policy.Fact[T], says string, from from, read func(string) T) {
	if known == nil || says == "" {
		return
	}
	value := read(says)
	switch {
	case known.Origin == policy.Unknown, known.Known() && known.Origin < from.origin && reflect.DeepEqual(known.Value, value):
		*known = policy.Fact[T]{Value: value, Origin: from.origin, From: from.who}
	case known.Known() && !reflect.DeepEqual(known.Value, value):
		*known = policy.Fact[T]{Origin: policy.Contradicted, From: known.From + " contradicts " + from.who}
	}
}

func plain[T ~string](text string) T { return T(text) }
