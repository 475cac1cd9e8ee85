package inventory

import (
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// LogBucket returns what is known about the bucket that an object has server access logs written to: its name, its Object
// Ownership and what the object grants on each log. It is false where the object grants nothing.
func (x *Index) LogBucket(obj map[string]any, r source.Reading) (policy.Bucket, bool) {
	if len(r.LogACL.Grants) == 0 {
		return policy.Bucket{}, false
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	own := probe(obj, r)
	asked := &Entry{key: own.key, name: r.LogTarget, by: own.by}
	asked.key.Kind = "" // the object may be a Bucket, and this is about another one
	asked.selects = asked.selection()
	siblings, name := x.about(asked)
	beside, ownName := x.about(own)
	var target policy.Bucket
	if _, object := x.look().bucketOf(asked); object == own.key || name != "" && name == ownName {
		target = x.bucket(obj, r, beside, ownName)
		target.Ownership.Origin = min(target.Ownership.Origin, policy.Sibling) // it is judged where it is declared
	} else {
		target = x.bucket(obj, source.Reading{
			Source:    source.Source{Group: r.Source.Group, Provider: r.Source.Provider, Namespaced: r.Source.Namespaced},
			Namespace: r.Namespace, Name: r.LogTarget, ProviderConfig: r.ProviderConfig,
		}, siblings, name)
	}
	out := policy.Bucket{Name: target.Name, Ownership: target.Ownership, Owner: target.Owner, ObjectACL: acl(r.LogACL)}
	out.ObjectACL.Value.Logs = true
	return out, true
}
