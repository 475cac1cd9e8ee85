package inventory

import (
	"reflect"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// role is the ARN that objects give an actor, "" where they give different ones, and the first that does.
type role struct{ arn, from string }

// setSelector remembers an IAMRoleSelector of ACK's, or forgets it where exists is false.
func (x *Index) setSelector(key Key, s source.RoleSelector, exists bool) {
	x.alter(func() []*Entry {
		before, existed := x.selectors[key]
		if existed == exists && reflect.DeepEqual(before, s) {
			return nil
		}
		var out []*Entry
		for _, e := range x.objects {
			if kind, _ := source.Lookup(e.key.GroupKind); kind.Provider == source.ACK {
				out = append(out, e)
			}
		}
		return out
	}, func() {
		if x.selectors == nil {
			x.selectors = map[Key]source.RoleSelector{}
		}
		delete(x.selectors, key)
		if exists {
			x.selectors[key] = s
		}
	})
}

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
func (x *Index) controllers(decides Key, o source.Reading) []policy.Fact[string] {
	fact := func(r role) []policy.Fact[string] {
		if r.arn == "" {
			return nil
		}
		return []policy.Fact[string]{{Value: r.arn, Origin: policy.Sibling, From: r.from}}
	}
	var selected []role
	for key, s := range x.selectors {
		if s.Selects(o, x.namespaces[o.Namespace]) {
			selected = append(selected, role{s.ARN, key.String()})
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
