package manifest

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Find returns the names of the files that paths stand for: files as they are, and of folders everything below them that
// ends in .yaml, .yml or .json. Links are followed, but for those to the folder itself or one around it; what two names
// lead to comes once. The error joins one *Error for each path that leads nowhere.
func Find(paths []string) ([]string, error) {
	f := finder{files: map[string]bool{}, folders: map[string]bool{}}
	for _, path := range paths {
		if info, err := os.Stat(path); path == Stdin || err != nil || !info.IsDir() {
			f.file(path)
			continue
		}
		f.folder(path)
	}
	return f.names, errors.Join(f.errs...)
}

// finder collects files. Real paths say what has been seen, so that no circle of links has no end.
type finder struct {
	names          []string
	errs           []error
	files, folders map[string]bool // by real path
}

func (f *finder) file(name string) {
	real, err := realPath(name)
	switch {
	case err != nil:
		f.errs = append(f.errs, unreadable(name, err))
	case !f.files[real]:
		f.files[real] = true
		f.names = append(f.names, name)
	}
}

// folder adds what is below a folder, and then what the links in it lead to: what has a name without a link keeps it.
func (f *finder) folder(root string) {
	base, err := realPath(root)
	if err != nil {
		f.errs = append(f.errs, unreadable(root, err))
		return
	}
	links := f.tree(root)
	for len(links) > 0 {
		link := links[0]
		links = links[1:]
		if real, err := realPath(link); err == nil && !below(base, real) {
			links = append(links, f.tree(link)...)
		}
	}
}

// below reports whether a folder is another one or below it.
func below(folder, other string) bool {
	return folder == other || strings.HasPrefix(folder, strings.TrimRight(other, string(filepath.Separator))+string(filepath.Separator))
}

// tree adds what is below a folder, and returns the links to folders there.
func (f *finder) tree(root string) (links []string) {
	root = strings.TrimRight(root, string(filepath.Separator)) + string(filepath.Separator) // enters a link as well
	_ = filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			f.errs = append(f.errs, unreadable(name, err))
		case entry.Name() == ".git" && !entry.Type().IsRegular():
			if entry.IsDir() {
				return fs.SkipDir
			}
		case entry.IsDir():
			real, err := realPath(name)
			if err != nil || f.folders[real] {
				return fs.SkipDir
			}
			f.folders[real] = true
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
