package manifest

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Stdin is the name of standard input among paths.
const Stdin = "-"

// RealPath returns what a path leads to, links resolved; "" for standard input.
func RealPath(name string) (string, error) {
	if name == Stdin {
		return "", nil
	}
	info, err := os.Stat(name) // says of a circle of links that it is one
	if err != nil {
		return "", err
	}
	if info.Mode().IsRegular() || info.IsDir() {
		if name, err = filepath.EvalSymlinks(name); err != nil {
			return "", err
		}
	}
	return filepath.Abs(name)
}

// Unreadable leaves the file's name out of an error that is about to get it.
func Unreadable(name string, err error) *Error {
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		err = path.Err
	}
	return &Error{File: name, Reason: err.Error()}
}

// Open reads and parses one file. The error is as Parse's; the File is never nil.
func Open(name string, stdin io.Reader) (*File, error) {
	path, err := RealPath(name)
	in := stdin
	if err == nil && path != "" {
		var file *os.File
		if file, err = os.Open(path); err == nil {
			defer file.Close() //nolint:errcheck // nothing was written to it
			in = file
		}
	}
	var text []byte
	if err == nil {
		text, err = io.ReadAll(io.LimitReader(in, MaxSize+1))
	}
	if err == nil && len(text) > MaxSize {
		err = fmt.Errorf("larger than %d MiB", MaxSize>>20)
	}
	if err != nil {
		return &File{Name: name}, Unreadable(name, err)
	}
	f, err := Parse(name, string(text))
	f.path = path
	return f, err
}

// Write replaces the file's text at once: a reader sees the old text or the new one. Its permissions stay; where its name
// is a link, the file that it leads to is written.
func (f *File) Write(text string) error {
	if f.path == "" {
		return &Error{File: f.Name, Reason: "standard input cannot be written"}
	}
	info, err := os.Stat(f.path)
	if err != nil {
		return Unreadable(f.Name, err)
	}
	if !info.Mode().IsRegular() {
		return &Error{File: f.Name, Reason: "it is not a regular file and cannot be written; leave -w out"}
	}
	if err := writeFile(f.path, text, info.Mode().Perm()); err != nil {
		return Unreadable(f.Name, err)
	}
	return nil
}

func writeFile(path, text string, mode fs.FileMode) (err error) {
	temp, err := os.CreateTemp(filepath.Dir(path), ".bucketwarden-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(temp.Name())
		}
	}()
	_, err = temp.WriteString(text)
	err = errors.Join(err, temp.Chmod(mode), temp.Sync(), temp.Close())
	if err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}
