package manifest

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// Filled says of an object that stands in a template which of its judged fields are filled in later.
type Filled struct {
	Fields   []string // policies, names and settings
	Settings bool     // some setting is among them, so that none can be judged
	Render   string   // the command that fills them in, "" when there is none
}

// unfilled returns an object without the fields that are filled in later, and which of them are judged. Nothing is guessed:
// a policy of which a part is filled in goes as a whole.
func unfilled(object map[string]any, holes []string) (map[string]any, Filled) {
	var out Filled
	s, ok := source.Lookup(groupKind(object))
	if !ok || len(holes) == 0 {
		return object, out
	}
	names, others, policies, settings := judgedPointers(s)
	fields := map[string]bool{}
	object = runtime.DeepCopyJSON(object)
	for _, hole := range holes {
		hole = withoutIndexes(hole)
		if p := overlapping(policies, hole); p != "" {
			fields[source.FieldPath(p)] = true
			remove(object, split(p))
			continue
		}
		name, other := overlapping(names, hole) != "", overlapping(others, hole) != ""
		setting := !name && !other && overlapping(settings, hole) != ""
		if name || setting {
			fields[source.FieldPath(hole)] = true
		}
		out.Settings = out.Settings || setting
		remove(object, split(hole))
	}
	for field := range fields {
		out.Fields = append(out.Fields, field)
	}
	slices.Sort(out.Fields)
	return object, out
}

// judgedPointers are where names, policies and settings stand, and others of which a judgement depends rarely.
func judgedPointers(s source.Source) (names, others, policies, settings []string) {
	for _, f := range s.Policies {
		policies = append(policies, f.Pointer)
	}
	for _, f := range slices.Concat(s.Bucket, s.AccessPoint) {
		names = append(names, f.Literal, f.Ref, f.Selector)
	}
	others = slices.Concat(s.Region, s.Account, s.BucketAccount, []string{"/metadata", "/spec/providerConfigRef"})
	for _, f := range s.Ownership {
		settings = append(settings, f.Pointer)
	}
	for _, f := range slices.Concat(s.Grants, s.Object.Grants, s.Logs.Grants) {
		settings = append(settings, f.Pointer)
	}
	features := s.Features
	settings = slices.Concat(settings, s.ACL, s.Object.ACL, s.PublicAccessBlock.Pointers, features.Versioning, features.AccessLog, features.Key,
		features.ObjectLock, features.Lifecycle)
	return names, others, policies, settings
}

// overlapping returns the pointer that a hole is at, in or around, "" when there is none.
func overlapping(pointers []string, hole string) string {
	for _, p := range pointers {
		if p != "" && (p == hole || strings.HasPrefix(hole, p+"/") || strings.HasPrefix(p, hole+"/")) {
			return p
		}
	}
	return ""
}

// remove takes members away, in each element of the lists on the way. Elements stay, as the places of those behind them would
// change.
func remove(value any, tokens []string) {
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			remove(item, tokens)
		}
	case map[string]any:
		if len(tokens) == 1 {
			delete(value, tokens[0])
		} else if len(tokens) > 1 {
			remove(value[tokens[0]], tokens[1:])
		}
	}
}

// withoutIndexes returns a pointer as those of package source are: they go through lists.
func withoutIndexes(pointer string) string {
	tokens := strings.Split(pointer, "/")
	return strings.Join(slices.DeleteFunc(tokens, func(t string) bool { return t != "" && strings.Trim(t, "0123456789") == "" }), "/")
}
