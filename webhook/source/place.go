package source

import (
	"strconv"
	"strings"
)

// PatchPointer returns the JSON pointer of the field that a part of a Structured document comes from:
// "/spec/forProvider/policy/statements/1/action/0" for `Statement[1].Action[0]`, and for `Statement[1].Action` as well
// when that is the only action. Index 0 of a scalar is the scalar, and a name may be quoted or not.
//
// Removing the field takes just that part out of the document; only Version, Effect and Statement leave an empty one
// behind. The field of a principal's ARN or of a condition's value is the entry, an object, that holds it.
//
// An Object document has each part as it stands.
//
// ok is false for a string, for a part that is not there or has no field, and for a condition that overwrites an
// equal one: its removal would bring the other back. A statement list with Refs is not to be patched at all.
func (e Embedded) PatchPointer(docPath string) (pointer string, ok bool) {
	switch {
	case e.Structured == nil:
		return "", false
	case e.Encoding == Object:
		return e.member(docPath)
	}
	p := new(converter).document(node{e.Structured, e.Pointer})
	for docPath != "" {
		step, rest, ok := cutStep(docPath)
		if !ok {
			return "", false
		}
		if p, ok = p.step(step); !ok || p.covers {
			return "", false
		}
		docPath = rest
	}
	return p.pointer, p.pointer != ""
}

// step goes from p to one of its members (a string) or elements (an int).
func (p part) step(to any) (part, bool) {
	switch to := to.(type) {
	case string:
		m, ok := p.members[to]
		return m, ok
	case int:
		if p.list == nil {
			return p, to == 0 && p.members == nil && p.scalar != nil
		}
		if to < len(p.list) {
			return p.list[to], true
		}
	}
	return part{}, false
}

// cutStep cuts the first name (a string) or index (an int) off a document path.
func cutStep(path string) (step any, rest string, ok bool) {
	if strings.HasPrefix(path, `["`) {
		quoted, err := strconv.QuotedPrefix(path[1:])
		if err != nil || !strings.HasPrefix(path[1+len(quoted):], "]") {
			return nil, "", false
		}
		name, err := strconv.Unquote(quoted)
		return name, path[len(quoted)+2:], err == nil
	}
	if path[0] == '[' {
		digits, rest, ok := strings.Cut(path[1:], "]")
		i, err := strconv.Atoi(digits)
		return i, rest, ok && err == nil && i >= 0
	}
	path = strings.TrimPrefix(path, ".")
	end := strings.IndexAny(path, ".[")
	if end < 0 {
		end = len(path)
	}
	return path[:end], path[end:], end > 0
}
