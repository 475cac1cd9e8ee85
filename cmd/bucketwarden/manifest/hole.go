package manifest

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/holes"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// Filled says of an object that stands in a template which of its judged fields are filled in later.
type Filled struct {
	Fields   []FilledField // policies, names and settings that are not there yet
	Policies []FilledPolicy
	Names    []FilledName // of the fields, those that are names
	Open     bool         // anything is filled in, a label too
	Settings bool         // some setting is among the fields, so that none can be judged
	Part     bool         // the object is a patch, and leaves out what it does not change
	Render   string       // the command that fills them in, "" when there is none
	// Placeholders are the fields of an object that is no template but has text in it that a tool was to fill in. What is left of
	// Name, of the object, is in no field.
	Placeholders []FilledField
	Name         string
}

// FilledField is a field that is filled in as a whole, or nearly so.
type FilledField struct {
	Path string // as source.FieldPath writes it
	From string // what fills it in: "spec.parameters.acl", "${schema.spec.name}"; "" when that is not known
}

// FilledPolicy is a policy with parts that are filled in. The object has its Text.
type FilledPolicy struct {
	FilledField
	Pointer string
	holes.Policy
}

// FilledName is a name with parts that are filled in, which the object does not have.
type FilledName struct {
	pointer, text string
	parts         []holes.Hole
}

// Called returns a copy of an item's object in which the parts of its names that are not there yet are as given.
func (i *Item) Called(part string) map[string]any {
	object := runtime.DeepCopyJSON(i.Object)
	for _, n := range i.Filled.Names {
		put(object, split(n.pointer), holes.Fill(n.text, n.parts, part))
	}
	return object
}

// With returns a copy of the item's object with another text for the policy.
func (p FilledPolicy) With(item *Item, text string) map[string]any {
	object := runtime.DeepCopyJSON(item.Object)
	put(object, split(p.Pointer), text)
	return object
}

// hole is a field that is filled in.
type hole struct {
	pointer string // in the object
	from    string
	text    string       // with parts that are filled in, in the place of the field; "" when nothing is known of it
	parts   []holes.Hole // of text
	at      string       // pointer to text in the outer object; "" for the field itself
}

// unfilled returns an object without the fields that are filled in later, and which of them are judged. Nothing is guessed:
// a policy of which anything but a part of a string is filled in goes as a whole. moved says where texts stand that are not
// where the object has them.
func unfilled(object map[string]any, all []hole) (out map[string]any, filled Filled, moved map[string]string) {
	s, ok := source.Lookup(groupKind(object))
	if !ok || len(all) == 0 {
		return object, filled, nil
	}
	names, others, policies, settings := judgedPointers(s)
	filled.Open = true
	fields := map[FilledField]bool{}
	removed := map[string]bool{}
	out = runtime.DeepCopyJSON(object)
	for i, h := range all {
		pointer := withoutIndexes(h.pointer)
		if p := holding(policies, pointer); p != "" {
			if policy, ok := h.policy(object, pointer == p && alone(all, i)); ok {
				filled.Policies = append(filled.Policies, policy)
				put(out, split(h.pointer), policy.Text)
				if h.at != "" {
					moved = map[string]string{policy.Path: h.at}
				}
				continue
			}
			fields[FilledField{source.FieldPath(p), h.from}] = true
			if !removed[p] {
				remove(out, split(p))
			}
			removed[p] = true
			continue
		}
		name, other := overlapping(names, pointer) != "", overlapping(others, pointer) != ""
		setting := overlapping(settings, pointer) != "" && (!name && !other || holding(names, pointer)+holding(others, pointer) == "")
		if name || setting || overlapping(policies, pointer) != "" {
			fields[FilledField{source.FieldPath(pointer), h.from}] = true
		}
		if h.text != "" && slices.Contains(names, pointer) {
			filled.Names = append(filled.Names, FilledName{h.pointer, h.text, h.parts})
		}
		filled.Settings = filled.Settings || setting
		if pointer == "" { // it may become anything
			clear(out)
			maps.Copy(out, map[string]any{"apiVersion": object["apiVersion"], "kind": object["kind"]})
			filled.Settings = true
		}
		if !removed[pointer] { // as it may stand in each element of a list
			remove(out, split(pointer))
		}
		removed[pointer] = true
	}
	filled.Fields = slices.SortedFunc(maps.Keys(fields), func(a, b FilledField) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.From, b.From))
	})
	return out, filled, moved
}

// unrendered returns an object without the names and settings that have placeholders in them. Placeholders in a policy stay,
// for rules speak of them, where the policy can be read with them.
func unrendered(object map[string]any) (map[string]any, Filled) {
	s, _ := source.Lookup(groupKind(object))
	_, _, policies, _ := judgedPointers(s)
	all := slices.DeleteFunc(filledTexts(object, "", holes.Placeholders), func(h hole) bool {
		inPolicy := overlapping(policies, withoutIndexes(h.pointer)) != ""
		return inPolicy && (!slices.Contains(policies, withoutIndexes(h.pointer)) || holes.InsideStrings(h.text, h.parts))
	})
	for i, h := range all {
		if slices.Contains(policies, withoutIndexes(h.pointer)) {
			all[i].text = "" // it cannot be read
		}
	}
	out, filled, _ := unfilled(object, all)
	filled.Placeholders, filled.Fields = filled.Fields, nil
	if at(out, "/metadata/name") == nil {
		filled.Name = textAt(object, "/metadata/name")
	}
	return out, filled
}

// below returns the holes in what stands at a pointer. What fills in something around that fills in all of it. outer is the pointer
// of the object that the texts of the holes stand in.
func below(all []hole, pointer, outer string) []hole {
	var out []hole
	for _, h := range all {
		rest, inside := strings.CutPrefix(h.pointer, pointer)
		switch {
		case inside && (rest == "" || rest[0] == '/'):
			h.pointer = rest
		case strings.HasPrefix(pointer, h.pointer+"/"):
			h = hole{from: h.from}
		default:
			continue
		}
		if h.at != "" {
			h.at = outer + h.at
		}
		out = append(out, h)
	}
	return out
}

// open takes away from an item what is filled in later.
func (i *Item) open(own []hole) {
	if len(own) == 0 {
		return
	}
	before := i.Filled
	object, f, moved := unfilled(i.Object, own)
	for _, p := range before.Policies {
		if !slices.ContainsFunc(own, func(h hole) bool { return overlapping([]string{p.Pointer}, h.pointer) != "" }) {
			f.Policies = append(f.Policies, p)
		}
	}
	for _, p := range before.Fields {
		if !slices.Contains(f.Fields, p) {
			f.Fields = append(f.Fields, p)
		}
	}
	for _, p := range before.Placeholders { // that are not known as something else
		if !slices.ContainsFunc(f.Fields, func(o FilledField) bool { return o.Path == p.Path }) {
			f.Placeholders = append(f.Placeholders, p)
		}
	}
	for _, n := range before.Names {
		if !slices.ContainsFunc(f.Names, func(o FilledName) bool { return o.pointer == n.pointer }) {
			f.Names = append(f.Names, n)
		}
	}
	f.Name, f.Settings, f.Render, f.Open = before.Name, f.Settings || before.Settings, before.Render, true
	for path, at := range i.moved {
		if moved == nil {
			moved = map[string]string{}
		}
		moved[path] = cmp.Or(moved[path], at)
	}
	i.Object, i.Filled, i.moved = object, f, moved
}

// alone reports whether nothing else fills in the same field, or anything in or around it. Of very many holes nobody knows.
func alone(all []hole, i int) bool {
	const most = 1000
	if len(all) > most {
		return false
	}
	for j, h := range all {
		if i != j && overlapping([]string{h.pointer}, all[i].pointer) != "" {
			return false
		}
	}
	return true
}

// policy returns the policy that the hole's text is. Where the object has another one, either may come to be.
func (h hole) policy(object map[string]any, whole bool) (FilledPolicy, bool) {
	if h.text == "" || !whole || h.at != "" && at(object, h.pointer) != nil {
		return FilledPolicy{}, false
	}
	policy, ok := holes.NewPolicy(h.text, h.parts)
	return FilledPolicy{FilledField{source.FieldPath(h.pointer), h.from}, h.pointer, policy}, ok
}

// put sets a text in an object, and makes the objects on the way that are not there.
func put(object map[string]any, path []string, text string) {
	for i, token := range path[:len(path)-1] {
		switch next := object[token].(type) {
		case map[string]any:
			object = next
		case []any:
			set(next, path[i+1:], func(any) any { return text })
			return
		default:
			made := map[string]any{}
			object[token] = made
			object = made
		}
	}
	object[path[len(path)-1]] = text
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

// holding returns the pointer that a hole is at or in, "" when there is none.
func holding(pointers []string, hole string) string {
	i := slices.IndexFunc(pointers, func(p string) bool { return p != "" && (p == hole || strings.HasPrefix(hole, p+"/")) })
	if i < 0 {
		return ""
	}
	return pointers[i]
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
