// Package walk finds the files that paths stand for.
package walk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
)

// ConfigName is the name of the command line's own settings, which are no manifest.
const ConfigName = ".bucketwarden.yaml"

// Found is what paths stand for.
type Found struct {
	Names    []string // of files to read
	Charts   []string // folders of Helm charts, which are not read: their templates are no manifests yet
	Excluded []string // files and folders that an Exclude names
	Named    []string // those of them that the paths name themselves
}

// Find returns what paths stand for: files as they are, and of folders everything below them that ends in .yaml, .yml or
// .json. Links are followed, but for those to the folder itself or one around it; what two names lead to comes once. The error
// joins one *Error for each path that leads nowhere.
func Find(paths []string, excludes ...Exclude) (Found, error) {
	f := finder{files: map[string]bool{}, folders: map[string]bool{}, excludes: excludes}
	for _, path := range paths {
		info, err := os.Stat(path)
		switch {
		case path == manifest.Stdin || err != nil:
			f.file(path)
		case f.namedExcluded(path):
			f.found.Named = append(f.found.Named, path)
		case info.IsDir():
			f.folder(path)
		default:
			f.file(path)
		}
	}
	return f.found, errors.Join(f.errs...)
}

// finder collects files. Real paths say what has been seen, so that no circle of links has no end.
type finder struct {
	found          Found
	errs           []error
	files, folders map[string]bool // by real path
	excludes       []Exclude
}

func (f *finder) file(name string) {
	real, err := manifest.RealPath(name)
	switch {
	case err != nil:
		f.errs = append(f.errs, manifest.Unreadable(name, err))
	case !f.files[real]:
		f.files[real] = true
		f.found.Names = append(f.found.Names, name)
	}
}

// excluded reports whether something is not to be read, and keeps its name.
func (f *finder) excluded(name, root string) bool {
	for _, e := range f.excludes {
		if e.names(name, root) {
			f.found.Excluded = append(f.found.Excluded, name)
			return true
		}
	}
	return false
}

// namedExcluded reports whether a path that was asked for is excluded, or a folder that it goes through.
func (f *finder) namedExcluded(path string) bool {
	for path = filepath.Clean(path); ; path = filepath.Dir(path) {
		if base := filepath.Base(path); base == "." || base == ".." {
			return false
		}
		if f.excluded(path, "") {
			return true
		}
		if filepath.IsAbs(path) { // who knows what the folders above are for
			return false
		}
	}
}

// folder adds what is below a folder, and then what the links in it lead to: what has a name without a link keeps it.
func (f *finder) folder(root string) {
	base, err := manifest.RealPath(root)
	if err != nil {
		f.errs = append(f.errs, manifest.Unreadable(root, err))
		return
	}
	links := f.tree(root, root)
	for len(links) > 0 {
		link := links[0]
		links = links[1:]
		if real, err := manifest.RealPath(link); err == nil && !below(base, real) {
			links = append(links, f.tree(link, root)...)
		}
	}
}

// below reports whether a folder is another one or below it.
func below(folder, other string) bool {
	return folder == other || strings.HasPrefix(folder, strings.TrimRight(other, string(filepath.Separator))+string(filepath.Separator))
}

// tree adds what is below a folder, and returns the links to folders there. root is the path that was asked for.
func (f *finder) tree(folder, root string) (links []string) {
	folder = strings.TrimRight(folder, string(filepath.Separator)) + string(filepath.Separator) // enters a link as well
	_ = filepath.WalkDir(folder, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			f.errs = append(f.errs, manifest.Unreadable(name, err))
		case entry.Name() == ".git" && !entry.Type().IsRegular():
			if entry.IsDir() {
				return fs.SkipDir
			}
		case name != folder && f.excluded(name, root):
			if entry.IsDir() {
				return fs.SkipDir
			}
		case entry.IsDir():
			return f.enter(name)
		case entry.Name() == ConfigName:
		case isManifest(name):
			f.file(name)
		case entry.Type()&fs.ModeSymlink != 0:
			if info, err := os.Stat(name); err == nil && info.IsDir() {
				links = append(links, name)
			}
		}
		return nil
	})
	return links
}

// enter returns fs.SkipDir for a folder that has been read, or is not to be.
func (f *finder) enter(name string) error {
	real, err := manifest.RealPath(name)
	if err != nil || f.folders[real] {
		return fs.SkipDir
	}
	f.folders[real] = true
	if isChart(name) {
		f.found.Charts = append(f.found.Charts, filepath.Clean(name))
		return fs.SkipDir
	}
	return nil
}

// isManifest reports whether a file in a folder is worth reading; pipes and devices are not.
func isManifest(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".yaml", ".yml", ".json":
		info, err := os.Stat(name)
		return err != nil || info.Mode().IsRegular()
	}
	return false
}

// realPath returns where a name leads to, links resolved; "" for standard input. The links of a pipe are not resolved: what
// /dev/fd has of a process substitution leads to no name.
