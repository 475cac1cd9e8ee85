package inventory

import (
	"reflect"

	"github.com/bucketwarden/bucketwarden/policy"
)

// from is who says something, and how much that counts.
type from struct {
	who    string
	origin policy.Origin
}

func (x *Index) mergeAccount(owner *policy.Fact[string], decides Key, origin policy.Origin) {
	account := x.accounts[decides]
	merge(owner, account.id, from{account.from, origin}, plain)
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
