package main

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"

	"github.com/bucketwarden/bucketwarden/cmd/program"
)

// readConfig sets flags from a YAML file whose keys are the flags' names. What the command line sets stays. The error
// names the file and the line.
func readConfig(name string, set *pflag.FlagSet) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("--config %s: %w", name, program.Cause(err))
	}
	settings := map[string]yaml.Node{} // a repeated key is an error
	if err := yaml.Unmarshal(text, &settings); err != nil {
		line, reason := program.YAMLMistake(string(text), err)
		return fmt.Errorf("--config %s: line %d: %s", name, max(line, 1), reason)
	}
	var errs []error
	byLine := func(a, b string) int { return cmp.Compare(settings[a].Line, settings[b].Line) }
	for _, key := range slices.SortedFunc(maps.Keys(settings), byLine) {
		if err := setFlag(set, key, settings[key]); err != nil {
			errs = append(errs, fmt.Errorf("--config %s: line %d: %s: %w", name, settings[key].Line, key, err))
		}
	}
	return errors.Join(errs...)
}

func setFlag(set *pflag.FlagSet, key string, value yaml.Node) error {
	flag := set.Lookup(key)
	if flag == nil || key == "config" || key == "help" {
		return errors.New("serve has no such flag")
	}
	var values []string
	if err := value.Decode(&values); err != nil || value.Kind != yaml.SequenceNode {
		var one string
		if value.Kind != yaml.ScalarNode || value.Tag == "!!null" || value.Decode(&one) != nil {
			return errors.New("the value must be a scalar or a list of scalars")
		}
		values = []string{one}
	}
	list, isList := flag.Value.(pflag.SliceValue)
	switch {
	case flag.Changed:
		return nil
	case isList:
		return list.Replace(values)
	case value.Kind == yaml.SequenceNode:
		return errors.New("takes one value, not a list")
	}
	return flag.Value.Set(values[0])
}
