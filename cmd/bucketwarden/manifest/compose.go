package manifest

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/holes"
)

// composed returns the bases of a Composition: its own, and those of the steps of its pipeline that hold some. A step that
// makes objects of a text is named.
func composed(f *File, object map[string]any, line int) []inner {
	out := bases(object, "/spec", "")
	for i, step := range listAt(object, "/spec/pipeline") {
		input := "/spec/pipeline/" + strconv.Itoa(i) + "/input"
		value := at(step, "/input")
		out = append(out, bases(value, "", input)...)
		if at(value, "/resources") != nil {
			continue
		}
		for _, object := range carried(value) {
			object.pointer = input + object.pointer
			out = append(out, object)
		}
		if !speaksOfBuckets(value) {
			continue
		}
		note := fmt.Sprintf("%s:%d: Composition %s: step %s makes objects with %s, which is not read; render it: %s",
			f.Name, line, textAt(object, "/metadata/name"), textAt(step, "/step"), textAt(step, "/functionRef/name"), renderComposition)
		if text := textAt(value, "/inline/template"); text != "" {
			out = append(out, inner{pointer: input + "/inline/template", text: text, note: note})
		} else {
			f.Notes = append(f.Notes, note)
		}
	}
	return out
}

// bases returns the bases in a list of resources, with the fields that their patches fill in. pointer is that of the list's
// holder, in value, and outer that of value in the object.
func bases(value any, pointer, outer string) []inner {
	sets := map[string][]patch{}
	for i, set := range listAt(value, pointer+"/patchSets") {
		sets[textAt(set, "/name")] = patches(set, pointer+"/patchSets/"+strconv.Itoa(i), outer)
	}
	var out []inner
	for i, resource := range listAt(value, pointer+"/resources") {
		of := pointer + "/resources/" + strconv.Itoa(i)
		base := inner{pointer: outer + of + "/base", value: at(resource, "/base")}
		for _, p := range patches(resource, of, outer) {
			if textAt(p.value, "/type") != "PatchSet" {
				base.patched(p)
				continue
			}
			for _, p := range sets[textAt(p.value, "/patchSetName")] {
				base.patched(p)
			}
		}
		out = append(out, base)
	}
	return out
}

// patch is one patch of a base, and where it stands in the object.
type patch struct {
	pointer string
	value   any
}

func patches(holder any, pointer, outer string) []patch {
	var out []patch
	for i, value := range listAt(holder, "/patches") {
		out = append(out, patch{outer + pointer + "/patches/" + strconv.Itoa(i), value})
	}
	return out
}

// patched takes in where a patch writes, when that is in the base.
func (i *inner) patched(p patch) {
	kind := textAt(p.value, "/type")
	if strings.HasPrefix(kind, "ToComposite") || strings.HasPrefix(kind, "ToEnvironment") || strings.HasPrefix(kind, "CombineTo") || kind == "PatchSet" {
		return
	}
	pointer := pointerOf(cmp.Or(textAt(p.value, "/toFieldPath"), textAt(p.value, "/fromFieldPath")))
	if pointer == "" {
		return
	}
	h := hole{pointer: pointer, from: p.from()}
	if where := p.format(); where != "" {
		h.at = p.pointer + where
		h.text = textAt(p.value, where)
		if list := listAt(p.value, "/transforms"); len(list) > 0 {
			h.text = textAt(list[len(list)-1], "/string/fmt")
		}
		h.parts = holes.Verbs(h.text, h.from)
	}
	i.holes = append(i.holes, h)
}

// from returns the fields that a patch reads.
func (p patch) from() string {
	if from := textAt(p.value, "/fromFieldPath"); from != "" {
		return from
	}
	var out []string
	for _, v := range listAt(p.value, "/combine/variables") {
		out = append(out, textAt(v, "/fromFieldPath"))
	}
	return strings.Join(out, ", ")
}

// format returns the pointer, in the patch, of the text that it fills in, "" when it writes something else.
func (p patch) format() string {
	if list := listAt(p.value, "/transforms"); len(list) > 0 {
		last := list[len(list)-1]
		if textAt(last, "/type") == "string" && textAt(last, "/string/fmt") != "" {
			return "/transforms/" + strconv.Itoa(len(list)-1) + "/string/fmt"
		}
		return ""
	}
	if textAt(p.value, "/combine/strategy") == "string" && textAt(p.value, "/combine/string/fmt") != "" {
		return "/combine/string/fmt"
	}
	return ""
}

// speaksOfBuckets reports whether the text of a template or a program may make objects about buckets.
func speaksOfBuckets(value any) bool {
	switch value := value.(type) {
	case map[string]any:
		for _, member := range value {
			if speaksOfBuckets(member) {
				return true
			}
		}
	case []any:
		for _, item := range value {
			if speaksOfBuckets(item) {
				return true
			}
		}
	case string:
		return strings.Contains(value, "Bucket") && strings.Contains(value, "s3.")
	}
	return false
}
