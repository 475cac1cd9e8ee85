package program

import (
	"cmp"
	"errors"
	"maps"
	"slices"

	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"
)

// Setting is one key of a configuration file: a flag's name, and what it is set to.
type Setting struct {
	Key    string
	Line   int // of the value, from 1
	Values []string
	List   bool // it was written as a list
	Err    error
}

// ParseSettings returns the keys of a YAML text in the order of their lines. Of a value that is neither a scalar nor a list of
// scalars, Err says so. line and err are about a text that cannot be read at all: a repeated key is one.
func ParseSettings(text string) (all []Setting, line int, err error) {
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(text), &root); err == nil && len(root.Content) > 0 && root.Content[0].Kind != yaml.MappingNode {
		return nil, root.Content[0].Line, errors.New("settings must be written as KEY: VALUE")
	}
	keys := map[string]yaml.Node{}
	if err := yaml.Unmarshal([]byte(text), &keys); err != nil {
		line, reason := YAMLMistake(text, err)
		return nil, max(line, 1), errors.New(reason)
	}
	byLine := func(a, b string) int { return cmp.Compare(keys[a].Line, keys[b].Line) }
	for _, key := range slices.SortedFunc(maps.Keys(keys), byLine) {
		value := keys[key]
		s := Setting{Key: key, Line: value.Line}
		s.Values, s.Err = scalars(&value)
		s.List = value.Kind == yaml.SequenceNode
		all = append(all, s)
	}
	return all, 0, nil
}

func scalars(value *yaml.Node) ([]string, error) {
	var values []string
	if err := value.Decode(&values); err == nil && value.Kind == yaml.SequenceNode {
		return values, nil
	}
	var one string
	if value.Kind != yaml.ScalarNode || value.Tag == "!!null" || value.Decode(&one) != nil {
		return nil, errors.New("the value must be a scalar or a list of scalars")
	}
	return []string{one}, nil
}

// Set gives a flag the values, unless the command line has set it.
func (s Setting) Set(flag *pflag.Flag) error {
	list, isList := flag.Value.(pflag.SliceValue)
	switch {
	case s.Err != nil:
		return s.Err
	case flag.Changed:
		return nil
	case isList:
		return list.Replace(s.Values)
	case s.List:
		return errors.New("takes one value, not a list")
	}
	return flag.Value.Set(s.Values[0])
}
