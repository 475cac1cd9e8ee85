package manifest

import (
	"cmp"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/holes"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// carriers are the groups of objects that hand manifests to a tool, some of them as text, and the commands that print what
// it makes of them.
var carriers = map[string]string{
	"argoproj.io":                 "argocd app manifests APP | bucketwarden review -",
	"core.oam.dev":                "vela dry-run -f FILE | bucketwarden review -",
	"fleet.cattle.io":             "kubectl get OBJECTS --output yaml | bucketwarden review -",
	"fluxcd.controlplane.io":      "kubectl get OBJECTS --output yaml | bucketwarden review -",
	"helm.crossplane.io":          "helm template CHART --values VALUES | bucketwarden review -",
	"helm.m.crossplane.io":        "helm template CHART --values VALUES | bucketwarden review -",
	"helm.toolkit.fluxcd.io":      "helm template CHART --values VALUES | bucketwarden review -",
	"kustomize.toolkit.fluxcd.io": "flux build kustomization NAME --path PATH | bucketwarden review -",
}

// carrier returns the command for an object that carries manifests, "" for any other. A kustomization need not say what it is.
func (f *File) carrier(object map[string]any) string {
	group := groupKind(object).Group
	if group == "" && object["kind"] == nil && object["apiVersion"] == nil {
		switch filepath.Base(f.Name) {
		case "kustomization.yaml", "kustomization.yml":
			group = "kustomize.config.k8s.io"
		}
	}
	if group == "kustomize.config.k8s.io" {
		return "kustomize build " + filepath.Dir(f.Name) + " | bucketwarden review -"
	}
	return carriers[group]
}

// mostNested is how deep inside of an object others are looked for.
const mostNested = 64

// carried returns the known objects anywhere inside of an object of whatever kind that is not known. They may be templates
// for another tool, so that what looks like a placeholder is a hole.
func carried(value any) []inner {
	var out []inner
	visit(value, "", mostNested, func(pointer string, value any, _ map[string]any) bool {
		object, _ := value.(map[string]any)
		_, known := source.Lookup(groupKind(object))
		_, whole := object["spec"].(map[string]any) // and no reference to one
		if !known || !whole || pointer == "" {
			return true
		}
		out = append(out, inner{pointer: pointer, value: object, holes: filledTexts(object, "", holes.Placeholders)})
		return false
	})
	slices.SortFunc(out, func(a, b inner) int { return strings.Compare(a.pointer, b.pointer) })
	return out
}

// visit shows a value and what is inside of it, each with the object that it is a member of, as long as more wants to see what is inside.
func visit(value any, pointer string, depth int, more func(pointer string, value any, holder map[string]any) bool) {
	var inside func(value any, pointer string, depth int, holder map[string]any)
	inside = func(value any, pointer string, depth int, holder map[string]any) {
		if !more(pointer, value, holder) || depth == 0 {
			return
		}
		switch value := value.(type) {
		case map[string]any:
			for name, member := range value {
				inside(member, pointer+"/"+escaped(name), depth-1, value)
			}
		case []any:
			for i, item := range value {
				inside(item, pointer+"/"+strconv.Itoa(i), depth-1, nil)
			}
		}
	}
	inside(value, pointer, depth, nil)
}

// carriedTexts returns the texts in an object that speak of buckets.
func (f *File) carriedTexts(object map[string]any, render string, line int) []inner {
	var out []inner
	add := func(pointer, text string) {
		out = append(out, inner{
			pointer: pointer, text: text, partial: strings.HasSuffix(pointer, "/patch") || strings.Contains(pointer, "/patchesStrategicMerge/"),
			note: fmt.Sprintf("%s:%d: %s: the text at %s may make objects about buckets and is not read; render it: %s", f.Name, line,
				strings.TrimSpace(cmp.Or(textAt(object, "/kind"), "kustomization")+" "+textAt(object, "/metadata/name")), source.FieldPath(pointer), render),
		})
	}
	textsIn(object, "", func(pointer, text string, holder map[string]any) {
		patch := strings.HasSuffix(pointer, "/patch") && (knownName(textAt(holder, "/target/kind")) || IsJSONPatch(text))
		if patch || speaksOfBuckets(text) {
			add(pointer, text)
		}
	})
	slices.SortFunc(out, func(a, b inner) int { return strings.Compare(a.pointer, b.pointer) })
	return out
}

// textsIn shows the texts in a value, with the object that each is a member of.
func textsIn(value any, pointer string, show func(pointer, text string, holder map[string]any)) {
	visit(value, pointer, mostNested, func(pointer string, value any, holder map[string]any) bool {
		if text, ok := value.(string); ok {
			show(pointer, text, holder)
		}
		return true
	})
}

// knownName reports whether some known kind has this name.
func knownName(kind string) bool {
	return slices.ContainsFunc(source.All(), func(s source.Source) bool { return s.GroupKind().Kind == kind })
}

// judgedField is the last step of a path to what is judged.
var judgedField = regexp.MustCompile(`/(policy|rawPolicy|acl|grant[A-Za-z]*|accessControlPolicy|[a-z]*[pP]ublicAccessBlock[A-Za-z]*|` +
	`(block|ignore|restrict)Public[A-Za-z]*|ownershipControls|objectOwnership)(/|$)`)

// IsJSONPatch reports whether a text is a JSON patch (RFC 6902) of something that is judged.
func IsJSONPatch(text string) bool {
	if !judgedField.MatchString(text) { // as in most files
		return false
	}
	var steps []struct{ Op, Path string }
	if err := yaml.Unmarshal([]byte(text), &steps); err != nil || len(steps) == 0 {
		return false
	}
	return slices.ContainsFunc(steps, func(s struct{ Op, Path string }) bool { return s.Op != "" && judgedField.MatchString(s.Path) })
}
