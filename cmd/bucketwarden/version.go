package main

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

const versionExample = `  bucketwarden version
  bucketwarden version -o json`

// version and revision are set by the linker: an image is built where no git is. A build without them goes by what Go
// noted down.
var version, revision string

// versionOutput is the JSON that version prints.
type versionOutput struct {
	Version  string `json:"version"`  // of the module; "(devel)" for a build from a checkout without a tag
	Revision string `json:"revision"` // commit; "" when not built from one
	Time     string `json:"time"`     // of the commit, RFC 3339
	Modified bool   `json:"modified"` // there were changes on top of the commit
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func newVersion() *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:     "version",
		Short:   "Print which build this is",
		Example: versionExample,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkOutput(output); err != nil {
				return err
			}
			info, _ := debug.ReadBuildInfo()
			v := newVersionOutput(info)
			if output == "json" {
				return writeJSON(cmd.OutOrStdout(), v)
			}
			_, err := fmt.Fprintln(cmd.OutOrStdout(), v)
			return err
		},
	}
	registerOutput(cmd, &output)
	return cmd
}

func newVersionOutput(info *debug.BuildInfo) versionOutput {
	if info == nil { // built without modules
		return versionOutput{Version: "unknown", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	return versionOutput{
		Version: cmp.Or(version, info.Main.Version), Revision: cmp.Or(revision, settings["vcs.revision"]),
		Time:     settings["vcs.time"],
		Modified: settings["vcs.modified"] == "true", Go: info.GoVersion,
		Platform: settings["GOOS"] + "/" + settings["GOARCH"],
	}
}

// String returns the version on one line.
func (v versionOutput) String() string {
	out := "bucketwarden " + v.Version
	if v.Revision != "" {
		out += " " + v.Revision
	}
	if v.Modified {
		out += " (modified)"
	}
	return fmt.Sprintf("%s %s %s", out, v.Go, v.Platform)
}
