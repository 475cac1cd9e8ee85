package walk

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// Exclude is a pattern of files and folders that are not read. In it * stands for any text without a slash, and ** for any
// folders. One without a slash is about names, at any depth; another is about paths below Folder.
type Exclude struct {
	Glob   string
	Folder string // "" for the working directory, or else the folder that the command was given
}

// Valid reports whether the pattern can be read.
func (e Exclude) Valid() bool { return e.Glob != "" && doublestar.ValidatePattern(e.Glob) }

// names reports whether the pattern is about a file or folder. root is the folder that was asked for, "" for none.
func (e Exclude) names(name, root string) bool {
	glob := strings.TrimSuffix(strings.TrimPrefix(filepath.ToSlash(e.Glob), "./"), "/")
	if !strings.Contains(glob, "/") {
		return doublestar.MatchUnvalidated(glob, filepath.Base(name))
	}
	folders := []string{e.Folder}
	if e.Folder == "" && root != "" {
		folders = append(folders, root)
	}
	for _, folder := range folders {
		if path, ok := relative(folder, name); ok && doublestar.MatchUnvalidated(glob, path) {
			return true
		}
	}
	return false
}

func relative(folder, name string) (string, bool) {
	base, err := filepath.Abs(folder)
	if err != nil {
		return "", false
	}
	if name, err = filepath.Abs(name); err != nil {
		return "", false
	}
	path, err := filepath.Rel(base, name)
	return filepath.ToSlash(path), err == nil
}

var chartVersion = regexp.MustCompile(`(?m)^apiVersion:[ \t]*["']?v[12]["']?[ \t]*(?:#.*)?\r?$`)

// isChart reports whether a folder is a Helm chart: has a Chart.yaml of Helm's.
//
// https://helm.sh/docs/topics/charts/#the-chartyaml-file
func isChart(folder string) bool {
	name := filepath.Join(folder, "Chart.yaml")
	if info, err := os.Stat(name); err != nil || !info.Mode().IsRegular() {
		return false
	}
	file, err := os.Open(name)
	if err != nil {
		return false
	}
	defer file.Close() //nolint:errcheck // nothing was written to it
	const most = 64 << 10
	text, err := io.ReadAll(io.LimitReader(file, most))
	return err == nil && chartVersion.Match(text)
}
