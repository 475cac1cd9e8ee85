package inventory

import (
	"slices"
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
	decides := credentials(KeyOf(obj), r)
	x.mergeAccount(&out.Owner, decides, policy.Sibling)
	out.Controllers = x.controllers(decides, r)
	if !out.Name.Known() && name != "" {
		out.Name = policy.Fact[string]{Value: name, Origin: policy.Sibling, From: "the Bucket it refers to"}
	}
	block, acl, features := untold(&out)
	type voice struct {
		says        unique.Handle[said]
		credentials unique.Handle[Key]
		own         bool
	}
	others := rivals{r: r, own: out}
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
		others.hear(from.who, says)
		if says.makes && !out.Made.Known() {
			out.Made = policy.Fact[string]{Value: from.who, Origin: from.origin, From: from.who}
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
	out.Rivals = others.found
	for _, f := range features {
		if r.Source.Features.Beside && f != nil && f.Origin == policy.Unknown {
			f.Origin = policy.AWSDefault
		}
	}
	return out
}

// untold returns the settings that the object itself does not tell, nil in the place of one that it does.
func untold(b *policy.Bucket) (*policy.Fact[policy.PublicAccessBlock], *policy.Fact[policy.ACL], [5]*policy.Fact[string]) {
	block, acl, features := &b.PublicAccessBlock, &b.ACL, b.Features.All()
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
	return block, acl, features
}
