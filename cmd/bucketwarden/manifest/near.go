package manifest

import (
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
