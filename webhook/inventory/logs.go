package inventory

import (
	"iter"

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
	own.logs = &r.LogTarget
	asked := own.logging()
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

// loggers yields the objects that grant access to server access logs in a bucket.
func (l look) loggers(b bucket) iter.Seq[*Entry] {
	return func(yield func(*Entry) bool) {
		lists := [][]*Entry{l.logging[logged{}], l.logging[logged{object: b.object}], l.logging[logged{name: b.name}]}
		for _, o := range l.named[b.name] {
			if isBucket(o.key.GroupKind) && o.key != b.object {
				lists = append(lists, l.logging[logged{object: o.key}])
			}
		}
		for _, list := range lists {
			for _, e := range list {
				if l.has(b, e.logging()) && !yield(e) {
					return
				}
			}
		}
	}
}

// logged is what the Index has those under that grant access to logs: the name of the bucket that the logs are in, or the Bucket
// that they refer to. The zero one is for those that select it, or may mean either.
type logged struct {
	name   string
	object Key
}

func (e *Entry) logged() logged {
	switch n := e.logs; {
	case n.Selector != nil || n.Ref != nil && n.Ref.Always:
		return logged{}
	case n.Literal != "" || n.Ref == nil:
		return logged{name: n.Literal}
	default:
		return logged{object: target(e.key, *n.Ref)}
	}
}
