package inventory

import (
	"slices"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// said is what an object tells about its bucket to those beside it, "" for nothing. It is all text, so that the many
// objects that say the same can share one.
type said struct {
	ownership, owner, region, partition string
	block, acl                          string // JSON of policy's types
	features                            string // JSON of a list of the JSON of each, of an object beside the bucket
	policy                              bool   // that there is one
	makes                               bool   // the bucket, and leaves to S3 what no object beside it declares
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
	out.policy, out.makes = hasPolicy(r), isBucket(r.Source.GroupKind()) && r.Source.Features.Beside
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
