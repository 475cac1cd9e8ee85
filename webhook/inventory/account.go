package inventory

import (
	"regexp"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/bucketwarden/bucketwarden/webhook/source"
)

var accountID = regexp.MustCompile(`^[0-9]{12}$`)

// credentials returns the object that decides in which account something stands for an object: a ProviderConfig of
// Crossplane's, a Namespace of ACK's. The zero Key is for an access point or an object, whose bucket may be in another account,
// for a kind of somebody's own, and for a bucket that the policy of a role names.
func credentials(key Key, r source.Reading) Key {
	switch config := r.ProviderConfig; {
	case r.Source.Provider == source.Own, r.Source.OnAccessPoint(), r.Source.OnObject(), r.Source.OnIdentity() && r.Name.Literal != "":
		return Key{}
	case r.Source.Provider == source.ACK:
		return namespaceKey(key.Namespace)
	default:
		_, group, _ := strings.Cut(r.Source.Group, ".")
		c := Key{GroupKind: schema.GroupKind{Group: group, Kind: config.Kind}, Name: config.Name}
		if found, _ := source.LookupConfig(c.GroupKind); found.Namespaced {
			c.Namespace = key.Namespace
		}
		return c
	}
}

func namespaceKey(name string) Key { return Key{schema.GroupKind{Kind: "Namespace"}, "", name} }

// account is one of AWS's, the role that somebody acts in there or whose role that is, as far as it is known, and who says so.
type account struct {
	id, role, from string
	actor          source.Actor
}

// setConfig remembers the role that a ProviderConfig decides on, and with it the account.
func (x *Index) setConfig(key Key, obj map[string]any) {
	arn := source.ConfigRole(obj)
	a := account{id: source.RoleAccount(arn), role: arn, from: key.String() + " (role ARN)"}
	a.actor, _ = source.ConfigActor(obj)
	x.setAccount(key, a)
}

// setAccount remembers the account that an object decides on. What is no account is none.
func (x *Index) setAccount(key Key, a account) {
	if !accountID.MatchString(a.id) {
		a.id, a.role = "", ""
	}
	x.alter(func() []*Entry { return x.decided(key, a) }, func() {
		if x.accounts == nil {
			x.accounts = map[Key]account{}
		}
		delete(x.accounts, key)
		if a.id != "" || a.actor != (source.Actor{}) {
			x.accounts[key] = a
		}
	})
}

// decided returns the objects that a change of an account concerns.
func (x *Index) decided(key Key, a account) []*Entry {
	if before := x.accounts[key]; before.id == a.id && before.role == a.role && before.actor == a.actor {
		return nil
	}
	var out []*Entry
	for _, e := range x.objects {
		if e.credentials.Value() == key {
			out = append(out, e)
		}
	}
	return out
}
