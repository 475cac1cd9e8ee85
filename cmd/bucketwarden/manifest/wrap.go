package manifest

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/holes"
)

// inner is an object that stands in another one.
type inner struct {
	pointer string // in the outer object
	value   any
	holes   []hole // of value, filled in at run time
	text    string // that may be read as objects, in the place of value
	partial bool   // the objects of text are parts that others are patched with
	note    string // for a text that cannot be read
	kept    bool   // it is what will be applied, name and all, and informs others of its file
}

// wrapper says which objects an object of one kind holds, and names the command that fills them in.
type wrapper struct {
	inner  func(f *File, object map[string]any, line int) []inner
	render string
}

const renderComposition = "crossplane render XR.yaml COMPOSITION.yaml FUNCTIONS.yaml | bucketwarden review -"

var wrappers = map[schema.GroupKind]wrapper{
	{Group: "kubernetes.crossplane.io", Kind: "Object"}:                        {appliedObject, ""},
	{Group: "kubernetes.m.crossplane.io", Kind: "Object"}:                      {appliedObject, ""},
	{Group: "work.open-cluster-management.io", Kind: "ManifestWork"}:           {listed("/spec/workload/manifests", ""), ""},
	{Group: "work.open-cluster-management.io", Kind: "ManifestWorkReplicaSet"}: {listed("/spec/manifestWorkTemplate/workload/manifests", ""), ""},
	{Group: "apiextensions.crossplane.io", Kind: "Composition"}:                {composed, renderComposition},
	{Group: "kro.run", Kind: "ResourceGraphDefinition"}:                        {templated, "kubectl get OBJECTS --output yaml | bucketwarden review -"},
}

// wrapped returns what stands in an object, and the command that renders it, "" where nothing has to be. ok is false for an object that
// holds none.
func (f *File) wrapped(object map[string]any, pointer string, line func(pointer string) int) (all []inner, render string, ok bool) {
	w, ok := wrappers[groupKind(object)]
	if ok {
		all = w.inner(f, object, line(pointer))
		return slices.DeleteFunc(all, func(in inner) bool { return in.value == nil && in.text == "" }), w.render, true
	}
	if isKnown(object) || itemsOf(object) != nil {
		return nil, "", false
	}
	all, render = carried(object), f.carrier(object)
	if render != "" {
		all = append(all, f.carriedTexts(object, render, line(pointer))...)
	}
	return all, render, len(all) > 0
}

// at returns what is at a pointer through mappings, nil where nothing is.
func at(value any, pointer string) any {
	for _, token := range split(pointer) {
		object, _ := value.(map[string]any)
		value = object[token]
	}
	return value
}

func textAt(value any, pointer string) string {
	s, _ := at(value, pointer).(string)
	return s
}

// listAt returns the elements of a list.
func listAt(value any, pointer string) []any {
	list, _ := at(value, pointer).([]any)
	return list
}

// listed returns the elements of a list that are applied as they are, or a member of each.
func listed(pointer, member string) func(*File, map[string]any, int) []inner {
	return func(_ *File, object map[string]any, _ int) []inner {
		var out []inner
		for i, item := range listAt(object, pointer) {
			out = append(out, inner{pointer: pointer + "/" + strconv.Itoa(i) + member, value: at(item, member), kept: true})
		}
		return out
	}
}

// appliedObject is what provider-kubernetes applies. References fill in fields of it.
func appliedObject(_ *File, object map[string]any, _ int) []inner {
	const manifest = "/spec/forProvider/manifest"
	var all []hole
	for _, r := range listAt(object, "/spec/references") {
		from := textAt(r, "/patchesFrom/fieldPath")
		if to := cmp.Or(textAt(r, "/toFieldPath"), from); to != "" && at(r, "/patchesFrom") != nil {
			all = append(all, hole{pointer: pointerOf(to), from: strings.Trim(textAt(r, "/patchesFrom/kind")+" "+textAt(r, "/patchesFrom/name")+" "+from, " ")})
		}
	}
	return []inner{{pointer: manifest, value: at(object, manifest), holes: all, kept: len(all) == 0}}
}

// templated is what kro makes objects of. Text with ${...} is filled in.
func templated(f *File, object map[string]any, line int) []inner {
	all := listed("/spec/resources", "/template")(f, object, line)
	for i := range all {
		all[i].kept = false
		all[i].holes = filledTexts(all[i].value, "", holes.Expressions)
	}
	return all
}

// filledTexts returns the texts in a value that find finds a hole in.
func filledTexts(value any, pointer string, find func(string) []holes.Hole) []hole {
	var out []hole
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			out = append(out, filledTexts(member, pointer+"/"+escaped(name), find)...)
		}
	case []any:
		for i, item := range value {
			out = append(out, filledTexts(item, pointer+"/"+strconv.Itoa(i), find)...)
		}
	case string:
		if parts := find(value); len(parts) > 0 {
			out = append(out, hole{pointer: pointer, from: strings.Join(holes.Froms(parts), ", "), text: value, parts: parts})
		}
	}
	return out
}

func escaped(name string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(name) }

// pointerOf returns the JSON pointer of a field path as Crossplane writes it, up to the first wildcard.
func pointerOf(path string) string {
	var b strings.Builder
	for path != "" {
		var token string
		if rest, ok := strings.CutPrefix(path, "["); ok {
			token, path, _ = strings.Cut(rest, "]")
			token = strings.Trim(token, `"'`)
		} else {
			end := strings.IndexAny(path, ".[")
			if end < 0 {
				end = len(path)
			}
			token, path = path[:end], path[end:]
		}
		path = strings.TrimPrefix(path, ".")
		if token == "*" {
			break
		}
		b.WriteString("/" + escaped(token))
	}
	return b.String()
}
