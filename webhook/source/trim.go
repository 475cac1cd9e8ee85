package source

import "strings"

// Trim returns what is left of an object without everything that Read, Reading.Input and the people who look for the
// object do not need: above all managedFields, other annotations, and most of the status. Reading it is reading the
// object. It is a new map that shares values with obj, or obj itself for a kind that All does not list.
func Trim(obj map[string]any) map[string]any {
	k, ok := kindOf(obj)
	if !ok {
		return obj
	}
	return k.kept.of(obj).(map[string]any)
}

// fields is a part of an object: some members by name, each as a part of its own. nil is the whole.
type fields map[string]fields

// keep adds what is at a pointer.
func (f fields) keep(pointer string) {
	token, rest, deeper := strings.Cut(pointer[1:], "/")
	token = unescape(token)
	next, known := f[token]
	switch {
	case known && next == nil: // the whole is kept already
	case !deeper:
		f[token] = nil
	default:
		if !known {
			next = fields{}
			f[token] = next
		}
		next.keep("/" + rest)
	}
}

// of returns the part of v, without members of which nothing is left. It goes through lists as Read does, and leaves alone
// what has no members.
func (f fields) of(v any) any {
	if f == nil {
		return v
	}
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, min(len(f), len(v)))
		for name, part := range f {
			member := part.of(v[name])
			if inner, ok := member.(map[string]any); member != nil && (part == nil || !ok || len(inner) > 0) {
				out[name] = member
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, element := range v {
			if _, nested := element.([]any); nested {
				out[i] = element // which Read does not go through
			} else {
				out[i] = f.of(element)
			}
		}
		return out
	default:
		return v
	}
}

// kept is what Trim leaves of an object of a kind.
func kept(s Source) fields {
	out := fields{}
	for _, p := range pointers(s) {
		out.keep(p)
	}
	for _, p := range []string{
		"/apiVersion", "/kind", "/metadata/name", "/metadata/namespace", "/metadata/uid", "/metadata/resourceVersion",
		"/metadata/generation", "/metadata/deletionTimestamp", "/metadata/labels", "/metadata/ownerReferences",
	} {
		out.keep(p)
	}
	return out
}
