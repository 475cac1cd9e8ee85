package manifest

import (
	"slices"
	"strconv"
	"strings"
)

// split returns the names and indexes of a JSON pointer.
func split(pointer string) []string {
	if pointer == "" {
		return nil
	}
	tokens := strings.Split(pointer[1:], "/")
	for i, t := range tokens {
		tokens[i] = unescape(t)
	}
	return tokens
}

func unescape(token string) string {
	return strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
}

// set gives what is at path a new value, made of the old one, and returns v after that. A path that leads nowhere
// changes nothing.
func set(v any, path []string, change func(any) any) any {
	if len(path) == 0 {
		return change(v)
	}
	switch v := v.(type) {
	case map[string]any:
		if child, ok := v[path[0]]; ok {
			v[path[0]] = set(child, path[1:], change)
		}
	case []any:
		if i, err := strconv.Atoi(path[0]); err == nil && i >= 0 && i < len(v) {
			v[i] = set(v[i], path[1:], change)
		}
	}
	return v
}

// without returns an object or list without one member or element.
func without(v any, token string) any {
	switch v := v.(type) {
	case map[string]any:
		delete(v, token)
	case []any:
		if i, err := strconv.Atoi(token); err == nil && i >= 0 && i < len(v) {
			return slices.Delete(v, i, i+1)
		}
	}
	return v
}
