package manifest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// noteNear says of an object that is skipped when its kind or group is one edit from a known one: it is not skipped on purpose.
func (f *File) noteNear(value any, line int) {
	object, _ := value.(map[string]any)
	gk := groupKind(object)
	if gk.Kind == "" || gk.Group == "" {
		return
	}
	for _, s := range slices.Concat(source.All(), source.Identities()) {
		known := s.GroupKind()
		if known.Group == gk.Group && nearly(gk.Kind, known.Kind) || known.Kind == gk.Kind && nearGroup(gk.Group, known.Group) {
			f.Near = append(f.Near, fmt.Sprintf("%s:%d: %s is not known and skipped; did you mean %s?", f.Name, line, named(gk), named(known)))
			return
		}
	}
	f.notePolicies(object, gk, line)
}

// providers end the groups of the providers whose kinds are known.
var providers = []string{".services.k8s.aws", ".aws.upbound.io", ".aws.m.upbound.io", ".aws.crossplane.io"}

// notePolicies says of an object of a known provider, but of a kind that is not read, which of its fields have a policy that may be
// about S3.
func (f *File) notePolicies(object map[string]any, gk schema.GroupKind, line int) {
	if !slices.ContainsFunc(providers, func(p string) bool { return strings.HasSuffix(gk.Group, p) }) {
		return
	}
	var fields []string
	textsIn(object["spec"], "/spec", func(pointer, text string, _ map[string]any) {
		if strings.Contains(text, "Statement") && json.Valid([]byte(text)) {
			if root := parseJSON(text); isPolicy(root) && neighbour(root) == "" {
				fields = append(fields, source.FieldPath(pointer))
			}
		}
	})
	slices.Sort(fields)
	if len(fields) > 0 {
		f.Near = append(f.Near, fmt.Sprintf("%s:%d: %s is not read and skipped, although it has a policy that may be about S3 in %s",
			f.Name, line, named(gk), strings.Join(fields, ", ")))
	}
}

// versions are those that the known kinds of a provider have, or had.
var versions = map[source.Provider][]string{
	source.ACK:     {"v1alpha1"},
	source.Upbound: {"v1beta1", "v1beta2"},
	source.Classic: {"v1alpha1", "v1alpha2", "v1alpha3", "v1beta1"},
}

// noteVersion says when a known kind is of a version that is not known: it is read by the shape of its fields, which may be others.
func (f *File) noteVersion(object map[string]any, line int) {
	s, ok := source.Lookup(groupKind(object))
	version := textAt(object, "/apiVersion")
	version = version[strings.LastIndexByte(version, '/')+1:]
	if known := versions[s.Provider]; ok && len(known) > 0 && !slices.Contains(known, version) {
		f.Near = append(f.Near, fmt.Sprintf("%s:%d: version %s of %s is not known; it is read as %s is",
			f.Name, line, version, named(groupKind(object)), known[len(known)-1]))
	}
}

// noteFields says when a known object has no policy and a field beside that is one edit from the policy's.
func (f *File) noteFields(object map[string]any, line int) {
	s, _ := source.Lookup(groupKind(object))
	for _, p := range s.Policies {
		i := strings.LastIndexByte(p.Pointer, '/')
		parent, _ := at(object, p.Pointer[:i]).(map[string]any)
		name := p.Pointer[i+1:]
		if _, there := parent[name]; there {
			continue
		}
		for _, field := range slices.Sorted(maps.Keys(parent)) {
			if nearly(field, name) {
				f.Near = append(f.Near, fmt.Sprintf("%s:%d: %s is not a field of %s; did you mean %s?",
					f.Name, line, source.FieldPath(p.Pointer[:i+1]+escaped(field)), s.Kind, name))
			}
		}
	}
}

func named(gk schema.GroupKind) string { return gk.Kind + " of " + gk.Group }

// nearly reports whether a word is another one but for case, or for one edit.
func nearly(word, known string) bool {
	if d := len(word) - len(known); word == known || d < -1 || d > 1 {
		return false
	}
	return strings.EqualFold(word, known) || levenshtein.Distance(strings.ToLower(word), strings.ToLower(known), nil) == 1
}

// nearGroup takes a group without its first name for near, too.
func nearGroup(group, known string) bool {
	_, rest, _ := strings.Cut(known, ".")
	return group == rest || nearly(group, known)
}
