package manifest

import (
	"errors"
	"slices"

	"sigs.k8s.io/yaml"
)

// SetMember returns a text that is one object with a member of its own set to value: in YAML the rest keeps its bytes
// and the member is written at the end.
func SetMember(text, name string, value any) (string, error) {
	documents := splitYAML(text)
	if len(documents) != 1 {
		return "", errors.New("the text is not one document")
	}
	root, err := parseYAML(text)
	if err != nil {
		return "", err
	}
	if root.kind != mapping || root.style == flow {
		return setAnew(text, name, value)
	}
	removed := make([]bool, len(root.entries))
	for i, e := range root.entries {
		removed[i] = e.key.value == name
	}
	if slices.Contains(removed, true) {
		splices, err := cut(text, root, removed)
		if err != nil {
			return "", err
		}
		if text, err = apply(text, splices); err != nil {
			return "", err
		}
	}
	member, err := yaml.Marshal(map[string]any{name: value})
	if err != nil {
		return "", err
	}
	if !startsLine(text, len(text)) {
		text += "\n"
	}
	text += string(member)
	if _, err := parseYAML(text); err != nil {
		return "", err
	}
	return text, nil
}

// setAnew writes the whole object again.
func setAnew(text, name string, value any) (string, error) {
	var object map[string]any
	if err := yaml.Unmarshal([]byte(text), &object); err != nil {
		return "", err
	}
	object[name] = value
	out, err := yaml.Marshal(object)
	return string(out), err
}
