package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
	"github.com/spf13/pflag"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/walk"
	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/policy"
)

// settings are what a configuration file says.
type settings struct {
	name     string // of the file, as a person would write it
	excludes []walk.Exclude
	values   []program.Setting
}

// setting is a key that a configuration file may have.
type setting struct {
	flag  string
	many  bool // it may be a list
	file  bool // it names a file, from the folder of the configuration file
	check func(string) error
}

var settingKeys = map[string]setting{
	"bucket-context": {flag: "bucket-context", file: true},
	"exclude": {many: true, check: func(glob string) error {
		if !(walk.Exclude{Glob: glob}).Valid() {
			return fmt.Errorf("%q is not a pattern", glob)
		}
		return nil
	}},
	"fail-on":  {flag: "fail-on", check: func(s string) error { _, err := parseFailOn(s); return err }},
	"level":    {flag: "level", check: func(s string) error { _, err := policy.ParseLevel(s); return err }},
	"only":     {flag: "only", many: true, check: func(s string) error { _, err := findRule(s); return err }},
	"rulesets": {flag: "ruleset", many: true, file: true},
	"trust":    {flag: "trust", file: true},
}

// readSettings reads a configuration file: the one that is named, or else the one that stands in the working directory or
// above it in the same repository. It is nil where there is none.
func readSettings(name string) (*settings, error) {
	place := func(line int) string { return fmt.Sprintf("--config %s:%d", name, line) }
	if name == "" {
		if name = findSettings(); name == "" {
			return nil, nil
		}
		place = func(line int) string { return fmt.Sprintf("%s:%d", name, line) }
	}
	text, err := readSmall(name)
	if err != nil {
		return nil, fmt.Errorf("--config %s: %w", name, program.Cause(err))
	}
	values, line, err := program.ParseSettings(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", place(line), err)
	}
	out := &settings{name: name}
	var errs []error
	for _, v := range values {
		if err := out.add(v); err != nil {
			errs = append(errs, fmt.Errorf("%s: %s: %w", place(v.Line), v.Key, err))
		}
	}
	return out, errors.Join(errs...)
}

// readSmall reads a file of at most 64 KiB.
func readSmall(name string) (string, error) {
	file, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer file.Close() //nolint:errcheck // nothing was written to it
	const most = 64 << 10
	text, err := io.ReadAll(io.LimitReader(file, most+1))
	if err == nil && len(text) > most {
		err = errors.New("larger than 64 KiB")
	}
	return string(text), err
}

// add takes in one key.
func (s *settings) add(v program.Setting) error {
	key, ok := settingKeys[v.Key]
	if !ok {
		return fmt.Errorf("no such setting; %s", nearestSetting(v.Key))
	}
	switch {
	case v.Err != nil:
		return v.Err
	case v.List && !key.many:
		return errors.New("takes one value, not a list")
	}
	folder := filepath.Dir(s.name)
	for i, value := range v.Values {
		if key.file && !filepath.IsAbs(value) {
			v.Values[i] = filepath.Join(folder, value)
		}
		if key.file {
			if _, err := os.Stat(v.Values[i]); err != nil {
				return fmt.Errorf("%s: %w", v.Values[i], program.Cause(err))
			}
		}
		if key.check != nil {
			if err := key.check(value); err != nil {
				return err
			}
		}
		if v.Key == "exclude" {
			s.excludes = append(s.excludes, walk.Exclude{Glob: value, Folder: folder})
		}
	}
	s.values = append(s.values, v)
	return nil
}

func nearestSetting(key string) string {
	all := slices.Sorted(maps.Keys(settingKeys))
	for _, known := range all {
		if levenshtein.Distance(strings.ToLower(key), known, nil) <= 2 {
			return "did you mean " + known + "?"
		}
	}
	return "there are " + strings.Join(all, ", ")
}

// apply sets the flags that the command has and its line does not set.
func (s *settings) apply(flags *pflag.FlagSet) error {
	for _, v := range s.values {
		flag := flags.Lookup(settingKeys[v.Key].flag)
		if flag == nil {
			continue // of another command
		}
		if err := v.Set(flag); err != nil {
			return fmt.Errorf("%s:%d: %s: %w", s.name, v.Line, v.Key, err)
		}
	}
	return nil
}

// findSettings returns the configuration file of the working directory or of the nearest folder above it that has one, up to
// the root of the repository, "" for none. Outside of a repository nobody knows whose the folders above are.
func findSettings() string {
	here, err := os.Getwd()
	if err != nil {
		return ""
	}
	in := repository(here)
	for folder := here; ; folder = filepath.Dir(folder) {
		name := filepath.Join(folder, walk.ConfigName)
		if _, err := os.Stat(name); err == nil {
			if short, err := filepath.Rel(here, name); err == nil {
				return short
			}
			return name
		}
		if folder == in || folder == filepath.Dir(folder) {
			return ""
		}
	}
}

// repository returns the root of the repository that a folder is in, the folder itself where it is in none.
func repository(folder string) string {
	for at := folder; ; at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, ".git")); err == nil {
			return at
		}
		if at == filepath.Dir(at) {
			return folder
		}
	}
}
