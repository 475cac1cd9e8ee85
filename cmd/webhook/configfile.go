package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/pflag"

	"github.com/bucketwarden/bucketwarden/cmd/program"
)

// readConfig sets flags from a YAML file whose keys are the flags' names. What the command line sets stays. The error
// names the file and the line.
func readConfig(name string, set *pflag.FlagSet) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("--config %s: %w", name, program.Cause(err))
	}
	settings, line, err := program.ParseSettings(string(text))
	if err != nil {
		return fmt.Errorf("--config %s: line %d: %w", name, line, err)
	}
	var errs []error
	for _, s := range settings {
		if err := setFlag(set, s); err != nil {
			errs = append(errs, fmt.Errorf("--config %s: line %d: %s: %w", name, s.Line, s.Key, err))
		}
	}
	return errors.Join(errs...)
}

func setFlag(set *pflag.FlagSet, s program.Setting) error {
	flag := set.Lookup(s.Key)
	if flag == nil || s.Key == "config" || s.Key == "help" {
		return errors.New("serve has no such flag")
	}
	return s.Set(flag)
}
