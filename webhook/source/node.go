package source

import (
	"encoding/json"
	"fmt"
	"iter"
	"math"
	"strconv"
	"strings"
)

// FieldError says which field of an object cannot be read, and why.
type FieldError struct {
	Pointer string // RFC 6901
	Reason  string
}

// Error returns the field as people write it, and the reason.
func (e *FieldError) Error() string { return FieldPath(e.Pointer) + ": " + e.Reason }

// FieldPath returns a JSON pointer as people write it: "spec.rules[0].name", "metadata.annotations[example.com/name]".
func FieldPath(pointer string) string {
	if pointer == "" {
		return "the object"
	}
	var b strings.Builder
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		token = unescape(token)
		switch {
		case strings.Trim(token, "0123456789") == "", strings.ContainsAny(token, "./"):
			b.WriteString("[" + token + "]")
		case b.Len() > 0:
			b.WriteString("." + token)
		default:
			b.WriteString(token)
		}
	}
	return b.String()
}

// Pointers of the two maps that controllers keep their marks in.
const (
	annotations = "/metadata/annotations/"
	labels      = "/metadata/labels/"
)

func escape(token string) string {
	return strings.ReplaceAll(strings.ReplaceAll(token, "~", "~0"), "/", "~1")
}

func unescape(token string) string {
	if strings.IndexByte(token, '~') < 0 {
		return token
	}
	return strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
}

// node is a value in an object and where it stands. An absent node and null are the same: nil.
type node struct {
	value   any
	pointer string
}

// key returns the member of an object, absent when n is none or has none.
func (n node) key(name string) node {
	object, _ := n.value.(map[string]any)
	v := object[name]
	if v == nil {
		return node{}
	}
	return node{v, n.pointer + "/" + escape(name)}
}

// items yields the elements of a list. What is no list stands for a list of one.
func (n node) items() iter.Seq[node] {
	return func(yield func(node) bool) {
		list, ok := n.value.([]any)
		if !ok {
			if n.value != nil {
				yield(n)
			}
			return
		}
		for i, v := range list {
			if v != nil && !yield(node{v, n.pointer + "/" + strconv.Itoa(i)}) {
				return
			}
		}
	}
}

// find yields what is at pointer below n, through every list on the way; a list at the end is yielded as it is.
// A value on the way that is neither an object nor a list of objects is yielded with false.
func (n node) find(pointer string) iter.Seq2[node, bool] {
	return func(yield func(node, bool) bool) { n.walk(pointer, yield) }
}

func (n node) walk(pointer string, yield func(node, bool) bool) bool {
	v, rest := n.value, pointer
	for rest != "" {
		object, ok := v.(map[string]any)
		if !ok {
			break
		}
		token, more := rest[1:], ""
		if i := strings.IndexByte(token, '/'); i >= 0 {
			token, more = token[:i], token[i:]
		}
		v, rest = object[unescape(token)], more
	}
	at := node{v, n.pointer + strings.TrimSuffix(pointer, rest)}
	if v == nil || rest == "" {
		return v == nil || yield(at, true)
	}
	if _, ok := v.([]any); !ok {
		return yield(at, false)
	}
	for item := range at.items() {
		if _, ok := item.value.(map[string]any); !ok {
			if !yield(item, false) {
				return false
			}
		} else if !item.walk(rest, yield) {
			return false
		}
	}
	return true
}

// reader reads nodes as the types that their schemas give them. It keeps the first value of another type as an error
// and goes on as if that were absent.
type reader struct{ err *FieldError }

func (r *reader) fail(n node, format string, args ...any) {
	if r.err == nil {
		r.err = &FieldError{n.pointer, fmt.Sprintf(format, args...)}
	}
}

func (r *reader) want(n node, what string) {
	r.fail(n, "%s stands where %s belongs%s", describe(n.value), what, instead(n.value, what))
}

// instead is what somebody who wrote a scalar of another type meant by it, "" when that is not clear. A number may have been
// written with zeros before it, as an account is.
func instead(v any, what string) string {
	switch v := v.(type) {
	case bool:
		if what == "a string" {
			return fmt.Sprintf(`; write "%t"`, v)
		}
	case int64:
		if what == "a string" {
			return fmt.Sprintf(`; write it in quotes, like "%d"`, v)
		}
	case string:
		if what == "true or false" && (v == "true" || v == "false") {
			return "; write " + v + " without quotes"
		}
	}
	return ""
}

// at yields the nodes at each pointer in turn.
func (r *reader) at(root node, pointers ...string) iter.Seq[node] {
	return func(yield func(node) bool) {
		for _, p := range pointers {
			for n, ok := range root.find(p) {
				if !ok {
					r.want(n, "an object")
				} else if !yield(n) {
					return
				}
			}
		}
	}
}

// text returns a string; ok is false for an absent one.
func (r *reader) text(n node) (text string, ok bool) {
	text, ok = n.value.(string)
	if !ok && n.value != nil {
		r.want(n, "a string")
	}
	return text, ok
}

func (r *reader) flag(n node) *bool {
	b, ok := n.value.(bool)
	if !ok {
		if n.value != nil {
			r.want(n, "true or false")
		}
		return nil
	}
	return &b
}

func (r *reader) integer(n node) (int64, bool) {
	switch v := n.value.(type) {
	case int64:
		return v, true
	case int:
		return int64(v), true
	case json.Number:
		if i, err := v.Int64(); err == nil {
			return i, true
		}
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1<<63 {
			return int64(v), true
		}
	}
	r.want(n, "a whole number")
	return 0, false
}

// list yields the elements of a list, none when it is absent. Unlike items it takes nothing else for a list.
func (r *reader) list(n node) iter.Seq[node] {
	if _, ok := n.value.([]any); !ok && n.value != nil {
		r.want(n, "a list")
		return node{}.items()
	}
	return n.items()
}

// object returns n, absent when it is no object.
func (r *reader) object(n node) node {
	if _, ok := n.value.(map[string]any); !ok && n.value != nil {
		r.want(n, "an object")
		return node{}
	}
	return n
}

func describe(v any) string {
	switch v.(type) {
	case string:
		return "a string"
	case bool:
		return "a boolean"
	case map[string]any:
		return "an object"
	case []any:
		return "a list"
	default:
		return "a number"
	}
}
