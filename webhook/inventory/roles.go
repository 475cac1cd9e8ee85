package inventory

import (
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// role is the ARN that objects give an actor, "" where they give different ones, and the first that does.
type role struct{ arn, from string }

// selector is one of ACK's, and its name for people.
type selector struct {
	source.RoleSelector
	from string
}

// SetRoles remembers the roles that an object gives. To be called while the Index is filled: nobody is notified.
func (x *Index) SetRoles(obj map[string]any) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if s, ok := source.ReadRoleSelector(obj); ok {
		x.selectors = append(x.selectors, selector{s, KeyOf(obj).String()})
	}
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
func (x *Index) controllers(decides Key, o source.Reading) []policy.Fact[string] {
	fact := func(r role) []policy.Fact[string] {
		if r.arn == "" {
			return nil
		}
		return []policy.Fact[string]{{Value: r.arn, Origin: policy.Sibling, From: r.from}}
	}
	var selected []role
	for _, s := range x.selectors {
		if s.Selects(o, x.namespaces[o.Namespace]) {
			selected = append(selected, role{s.ARN, s.from})
		}
	}
	if len(selected) > 0 {
		if len(selected) > 1 { // with which ACK does nothing
			return nil
		}
		return fact(selected[0])
	}
	a := x.accounts[decides]
	if a.role != "" {
		return fact(role{a.role, decides.String()})
	}
	actor := a.actor
	if o.Source.Provider == source.ACK && actor == (source.Actor{}) && decides != (Key{}) {
		actor = source.Actor{Kind: source.Pod, ID: source.ACKPods}
	}
	return fact(x.roles[actor])
}
