package inventory

import (
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// role is the ARN that objects give an actor, "" where they give different ones, and the first that does.
type role struct{ arn, from string }

// SetRoles remembers the roles that an object gives. To be called while the Index is filled: nobody is notified.
func (x *Index) SetRoles(obj map[string]any) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for actor, arn := range source.Roles(obj) {
		switch known, there := x.roles[actor]; {
		case !there:
			if x.roles == nil {
				x.roles = map[source.Actor]role{}
			}
			x.roles[actor] = role{arn, KeyOf(obj).String()}
		case known.arn != arn:
			x.roles[actor] = role{}
		}
	}
}

// controllers are the roles in which a controller manages what an object stands for, by the object that decides.
func (x *Index) controllers(decides Key, provider source.Provider) []policy.Fact[string] {
	a := x.accounts[decides]
	if a.role != "" {
		return []policy.Fact[string]{{Value: a.role, Origin: policy.Sibling, From: decides.String()}}
	}
	actor := a.actor
	if provider == source.ACK && actor == (source.Actor{}) && decides != (Key{}) {
		actor = source.Actor{Kind: source.Pod, ID: source.ACKPods}
	}
	if r := x.roles[actor]; r.arn != "" {
		return []policy.Fact[string]{{Value: r.arn, Origin: policy.Sibling, From: r.from}}
	}
	return nil
}
