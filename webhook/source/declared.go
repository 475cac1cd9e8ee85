package source

import (
	"slices"
	"strings"
	"sync/atomic"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Own is the provider of kinds that somebody has declared: composite resources, claims, operators of other stores than AWS's.
const Own Provider = "own"

// Declaration says where a kind of somebody's own has a bucket policy. Its paths are JSON pointers, "" for none.
type Declaration struct {
	Group, Kind, Plural       string
	Policy, Bucket, Ownership string
}

// source is the row that the declaration comes to. Whether its objects have a namespace they say themselves.
func (d Declaration) source() Source {
	out := Source{
		Group: d.Group, Kind: d.Kind, Plural: d.Plural, Namespaced: true, Provider: Own,
		Policies: []PolicyField{{Pointer: d.Policy, Either: true}},
		Bucket:   []NameField{{Literal: d.Bucket}},
	}
	if d.Ownership != "" {
		out.Ownership = []SettingField{{Pointer: d.Ownership}}
	}
	return out
}

// CRD is the name of the definition of the kind.
func (d Declaration) CRD() string { return d.Plural + "." + d.Group }

// GroupKind returns the kind's name without its version.
func (d Declaration) GroupKind() schema.GroupKind {
	return schema.GroupKind{Group: d.Group, Kind: d.Kind}
}

// MostDeclared is how many kinds can be declared. Those behind are left out.
const MostDeclared = 500

// own are the kinds that have been declared last.
var own atomic.Pointer[declarations]

type declarations struct {
	all   []Declaration
	kinds map[schema.GroupKind]kind
}

// Declare has the kinds read from now on that are declared, and no others that were declared before. It is for the whole process,
// as a kind is the same to all that read it, and safe for concurrent use. A kind of All, Identities or Configs is left as it is,
// and of several declarations of one kind the first counts.
func Declare(all []Declaration) {
	out := declarations{kinds: map[schema.GroupKind]kind{}}
	for _, d := range all {
		gk := d.GroupKind()
		if _, there := out.kinds[gk]; there || Reserved(gk) || len(out.all) == MostDeclared {
			continue
		}
		s := d.source()
		out.all, out.kinds[gk] = append(out.all, d), kind{s, judged(s), kept(s)}
	}
	own.Store(&out)
}

// Declared returns the declarations that count.
func Declared() []Declaration {
	if d := own.Load(); d != nil {
		return slices.Clone(d.all)
	}
	return nil
}

// Reserved reports whether nobody may declare a kind: it is read already, or belongs to Kubernetes or to Bucketwarden, whose
// own objects must never wait for a webhook.
func Reserved(gk schema.GroupKind) bool {
	_, known := kinds[gk]
	_, config := LookupConfig(gk)
	return known || config || !strings.Contains(gk.Group, ".") || gk.Group == "bucketwarden.dev" ||
		gk.Group == "k8s.io" || strings.HasSuffix(gk.Group, ".k8s.io")
}

// find returns the kind of a name, declared ones too.
func find(gk schema.GroupKind) (kind, bool) {
	if k, ok := kinds[gk]; ok {
		return k, true
	}
	if d := own.Load(); d != nil {
		k, ok := d.kinds[gk]
		return k, ok
	}
	return kind{}, false
}
