package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/walk"
)

// pathFlags say what of the paths is read, and where a command finds its settings.
type pathFlags struct {
	exclude  []string
	rulesets []string
	config   string
	noConfig bool
	verbose  bool

	settings *settings // of the configuration file; nil for none
}

func (f *pathFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&f.exclude, "exclude", nil,
		"skip files and folders that match this `GLOB`, by name or by path, where ** stands for any folders; may be repeated")
	cmd.Flags().StringArrayVar(&f.rulesets, "ruleset", nil,
		"YAML `FILE` with Rulesets, Exemptions and Namespaces, in addition to those in the paths; may be repeated")
	cmd.Flags().StringVar(&f.config, "config", "",
		"YAML `FILE` with settings (default: "+walk.ConfigName+" here, or above in the repository)")
	cmd.Flags().BoolVar(&f.noConfig, "no-config", false, "use no configuration file")
	cmd.Flags().BoolVarP(&f.verbose, "verbose", "v", false, "list what is skipped, by kind, and say which configuration file is used")
	cmd.MarkFlagsMutuallyExclusive("config", "no-config")
	cmd.PreRunE = func(cmd *cobra.Command, _ []string) error {
		if f.noConfig {
			return nil
		}
		var err error
		f.settings, err = readSettings(f.config)
		if err != nil || f.settings == nil {
			return err
		}
		return f.settings.apply(cmd.Flags())
	}
}

// read reads what the paths hold, by the files of --ruleset.
func (f *pathFlags) read(cmd *cobra.Command, paths []string) (*files.Inputs, error) {
	return f.readBy(files.Read, cmd, paths)
}

// readPolicies reads the policies of whatever service that the paths hold.
func (f *pathFlags) readPolicies(cmd *cobra.Command, paths ...string) (*files.Inputs, error) {
	return f.readBy(files.ReadPolicies, cmd, paths)
}

// reader is what opens paths.
type reader func(stdin io.Reader, stderr io.Writer, paths []string, excludes ...walk.Exclude) *files.Inputs

func (f *pathFlags) readBy(read reader, cmd *cobra.Command, paths []string) (*files.Inputs, error) {
	excludes, err := f.excludes()
	if err != nil {
		return nil, err
	}
	if err := files.DeclareFrom(f.rulesets); err != nil {
		return nil, err
	}
	in := read(cmd.InOrStdin(), cmd.ErrOrStderr(), paths, excludes...)
	return in, in.ConfigureFrom(f.rulesets)
}

func (f *pathFlags) excludes() ([]walk.Exclude, error) {
	var excludes []walk.Exclude
	for _, glob := range f.exclude {
		e := walk.Exclude{Glob: glob}
		if !e.Valid() {
			return nil, fmt.Errorf("--exclude: %q is not a pattern", glob)
		}
		excludes = append(excludes, e)
	}
	if f.settings != nil {
		excludes = append(excludes, f.settings.excludes...)
	}
	return excludes, nil
}

// finish adds to the notes of a command what -v asks for.
func (f *pathFlags) finish(in *files.Inputs) {
	if !f.verbose {
		return
	}
	if f.settings != nil {
		in.Notes = append(in.Notes, "settings of "+f.settings.name)
	}
	in.NoteSkipped()
}
