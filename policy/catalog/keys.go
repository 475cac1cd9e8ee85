package catalog

import (
	"iter"
	"slices"
	"strings"
)

// Key is one condition key.
type Key struct {
	Name        string // as AWS spells it: "s3:x-amz-acl"; a family of keys as "aws:PrincipalTag/${TagKey}"
	Type        KeyType
	Multivalued bool     // a request can carry several values: needs ForAllValues or ForAnyValue
	Global      bool     // not S3's own: requests to any service can carry it
	Category    Category // of a global key
	Presence    Presence // which requests carry it
}

// LookupKey finds a condition key by name, in any case. A member of a family finds the family:
// "aws:PrincipalTag/team" is "aws:PrincipalTag/${TagKey}".
// The keys of identity providers (saml:sub, cognito-identity.amazonaws.com:sub) are not here, though requests carry them.
func LookupKey(name string) (Key, bool) {
	i, ok := findKey(name)
	if !ok {
		return Key{}, false
	}
	return keyAt(i), true
}

// Keys yields every condition key in alphabetical order.
func Keys() iter.Seq[Key] {
	return func(yield func(Key) bool) {
		for i := range keyTable {
			if !yield(keyAt(i)) {
				return
			}
		}
	}
}

func keyAt(i int) Key {
	k := keyTable[i]
	k.Presence = presence(k)
	return k
}

// findKey returns the index of a key in keyTable, which is also its bit in every keySet.
func findKey(name string) (int, bool) {
	s := stem(name)
	if len(s) == len(name) && strings.HasSuffix(s, "/") {
		return 0, false // a family without a member
	}
	if i, ok := keyAsSpelled[s]; ok {
		return i, true
	}
	return slices.BinarySearchFunc(keyTable[:], s, func(k Key, s string) int {
		return compareFold(stem(k.Name), s)
	})
}

// keyAsSpelled finds those that are spelled as AWS spells them, which nearly all are, in one step.
var keyAsSpelled = func() map[string]int {
	out := make(map[string]int, len(keyTable))
	for i := range keyTable {
		out[stem(keyTable[i].Name)] = i
	}
	return out
}()

// stem is the part of a key's name that AWS fixes: all of it, or up to and with the slash of a family.
func stem(name string) string {
	if i := strings.IndexByte(name, '/'); i >= 0 {
		return name[:i+1]
	}
	return name
}

// keySet is a set of indexes into keyTable.
type keySet [(len(keyTable) + 63) / 64]uint64

func (s *keySet) has(i int) bool { return s[i/64]>>(i%64)&1 == 1 }

// KeyType says which family of condition operators a key's values are made for. aws:EpochTime is a TypeDate
// that takes the numeric operators too; aws:FederatedProvider is a TypeString that holds an ARN for some providers.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
type KeyType uint8

// The types of condition keys.
const (
	TypeString KeyType = iota
	TypeARN
	TypeBinary
	TypeBool
	TypeDate
	TypeIPAddress
	TypeNumeric
)

// String is the type as IAM's tables print it, without "ArrayOf" (see Key.Multivalued).
func (t KeyType) String() string {
	return [...]string{"String", "ARN", "Binary", "Bool", "Date", "IPAddress", "Numeric"}[t]
}

// Category says what a global condition key describes.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
type Category uint8

// The categories of global condition keys. CategoryNone is that of every other key.
const (
	CategoryNone Category = iota
	CategoryNetwork
	CategoryPrincipal
	CategoryRequest
	CategoryResource
	CategorySession
)

// String is the category in lower case, "" for CategoryNone.
func (c Category) String() string {
	return [...]string{"", "network", "principal", "request", "resource", "session"}[c]
}
