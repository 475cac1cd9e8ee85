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

// carried returns the known objects anywhere inside of an object of whatever kind that is not known. They may be templates
// for another tool, so that what looks like a placeholder is a hole.
func carried(value any, pointer string) []inner {
	var out []inner
	switch value := value.(type) {
	case map[string]any:
		if _, known := source.Lookup(groupKind(value)); known && pointer != "" {
			if _, whole := value["spec"].(map[string]any); whole { // and no reference to one
				return []inner{{pointer: pointer, value: value, holes: filledTexts(value, "", holes.Placeholders)}}
			}
		}
		for name, member := range value {
			out = append(out, carried(member, pointer+"/"+escaped(name))...)
		}
	case []any:
		for i, item := range value {
			out = append(out, carried(item, pointer+"/"+strconv.Itoa(i))...)
		}
	}
	slices.SortFunc(out, func(a, b inner) int { return strings.Compare(a.pointer, b.pointer) })
	return out
}

// carriedTexts returns the texts in an object that speak of buckets.
func (f *File) carriedTexts(object map[string]any, pointer, render string, line int) []inner {
	var out []inner
	add := func(pointer, text string) {
		out = append(out, inner{
			pointer: pointer, text: text, partial: strings.HasSuffix(pointer, "/patch") || strings.Contains(pointer, "/patchesStrategicMerge/"),
			note: fmt.Sprintf("%s:%d: %s: the text at %s may make objects about buckets and is not read; render it: %s", f.Name, line,
				strings.TrimSpace(cmp.Or(textAt(object, "/kind"), "kustomization")+" "+textAt(object, "/metadata/name")), source.FieldPath(pointer), render),
		})
	}
	textsIn(object, pointer, func(pointer, text string, holder map[string]any) {
		patch := strings.HasSuffix(pointer, "/patch") && (knownName(textAt(holder, "/target/kind")) || IsJSONPatch(text))
		if patch || speaksOfBuckets(text) {
			add(pointer, text)
		}
	})
	slices.SortFunc(out, func(a, b inner) int { return strings.Compare(a.pointer, b.pointer) })
	return out
}

// textsIn visits the texts in a value, with the object that each is a member of.
func textsIn(value any, pointer string, visit func(pointer, text string, holder map[string]any)) {
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			if text, ok := member.(string); ok {
				visit(pointer+"/"+escaped(name), text, value)
				continue
			}
			textsIn(member, pointer+"/"+escaped(name), visit)
		}
	case []any:
		for i, item := range value {
			if text, ok := item.(string); ok {
				visit(pointer+"/"+strconv.Itoa(i), text, nil)
				continue
			}
			textsIn(item, pointer+"/"+strconv.Itoa(i), visit)
		}
	}
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
