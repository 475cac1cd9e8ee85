package manifest

import (
	"fmt"
	"strconv"
	"strings"
)

// composed returns the bases of a Composition: its own, and those of the steps of its pipeline that hold some. A step that
// makes objects of a text is named.
func composed(f *File, object map[string]any, line int) []inner {
	out := bases(object, "/spec")
	for i, step := range listAt(object, "/spec/pipeline") {
		input := "/spec/pipeline/" + strconv.Itoa(i) + "/input"
		value := at(step, "/input")
		for _, base := range bases(value, "") {
			base.pointer = input + base.pointer
			out = append(out, base)
		}
		if at(value, "/resources") == nil && speaksOfBuckets(value) {
			f.Notes = append(f.Notes, fmt.Sprintf("%s:%d: Composition %s: step %s makes objects with %s, which is not read; render it: %s",
				f.Name, line, textAt(object, "/metadata/name"), textAt(step, "/step"), textAt(step, "/functionRef/name"), renderComposition))
		}
	}
	return out
}

// bases returns the bases in a list of resources, with the fields that their patches fill in.
func bases(value any, pointer string) []inner {
	sets := map[string][]any{}
	for _, set := range listAt(value, pointer+"/patchSets") {
		sets[textAt(set, "/name")] = listAt(set, "/patches")
	}
	var out []inner
	for i, resource := range listAt(value, pointer+"/resources") {
		base := inner{pointer: pointer + "/resources/" + strconv.Itoa(i) + "/base", value: at(resource, "/base")}
		for _, patch := range listAt(resource, "/patches") {
			if set := sets[textAt(patch, "/patchSetName")]; set != nil && textAt(patch, "/type") == "PatchSet" {
				for _, p := range set {
					base.patched(p)
				}
				continue
			}
			base.patched(patch)
		}
		out = append(out, base)
	}
	return out
}

// patched takes in where a patch writes, when that is in the base.
func (i *inner) patched(patch any) {
	kind := textAt(patch, "/type")
	if strings.HasPrefix(kind, "ToComposite") || strings.HasPrefix(kind, "ToEnvironment") || strings.HasPrefix(kind, "CombineTo") || kind == "PatchSet" {
		return
	}
	to := textAt(patch, "/toFieldPath")
	if to == "" {
		to = textAt(patch, "/fromFieldPath")
	}
	if hole := pointerOf(to); hole != "" {
		i.holes = append(i.holes, hole)
	}
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
