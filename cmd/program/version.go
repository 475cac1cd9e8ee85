package program

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// Build says which build of a program this is, and is the JSON that version prints.
type Build struct {
	Version  string `json:"version"`  // of the module; "(devel)" for a build from a checkout without a tag
	Revision string `json:"revision"` // commit; "" when not built from one
	Time     string `json:"time"`     // of the commit, RFC 3339
	Modified bool   `json:"modified"` // there were changes on top of the commit
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

// NewBuild returns what the linker set, "" where it did not, beside what Go noted down. info is nil for a build without modules.
func NewBuild(version, revision string, info *debug.BuildInfo) Build {
	if info == nil {
		return Build{Version: "unknown", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	return Build{
		Version: cmp.Or(version, info.Main.Version), Revision: cmp.Or(revision, settings["vcs.revision"]),
		Time:     settings["vcs.time"],
		Modified: settings["vcs.modified"] == "true", Go: info.GoVersion,
		Platform: settings["GOOS"] + "/" + settings["GOARCH"],
	}
}

// ThisBuild is NewBuild of the running program.
func ThisBuild(version, revision string) Build {
	info, _ := debug.ReadBuildInfo()
	return NewBuild(version, revision, info)
}

// line returns the build of a program on one line.
func (b Build) line(name string) string {
	out := name + " " + b.Version
	if b.Revision != "" {
		out += " " + b.Revision
	}
	if b.Modified {
		out += " (modified)"
	}
	return fmt.Sprintf("%s %s %s", out, b.Go, b.Platform)
}

// NewVersion returns the command that prints which build of a program this is.
func NewVersion(name string, build Build) *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:     "version",
		Short:   "Print the version and the build",
		Example: fmt.Sprintf("  %s version\n  %[1]s version -o json", name),
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := CheckOutput(output); err != nil {
				return err
			}
			if output == "json" {
				return WriteJSON(cmd.OutOrStdout(), build)
			}
			_, err := fmt.Fprintln(cmd.OutOrStdout(), build.line(name))
			return err
		},
	}
	OutputFlag(cmd, &output)
	return cmd
}
