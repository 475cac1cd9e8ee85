package files

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/policy/accesslog"
	"github.com/bucketwarden/bucketwarden/policy/plain"
	"github.com/bucketwarden/bucketwarden/policy/usage"
)

// Logs reads logs into a tally. A folder may have millions: their names are not kept.
type Logs struct {
	Tally             *usage.Tally
	Stdin             io.Reader
	Complain          io.Writer // gets a line for each malformed record, nil for none
	progress          *progress
	done              int64 // bytes
	Files             int
	Malformed, Passed int
	Errs              []error // of files that cannot be read
}

// Read reads the logs of all paths, those of a path inside another one once.
func (l *Logs) Read(paths []string, stderr io.Writer) {
	paths = roots(paths)
	total := int64(0)
	if program.IsTerminal(stderr) {
		for _, path := range paths {
			_ = walkLogs(path, func(_ string, size int64) { total += size }) // what is wrong is said below
		}
	}
	l.progress = newProgress(stderr, int(total>>20), "MiB")
	for _, path := range paths {
		if err := walkLogs(path, func(name string, _ int64) { l.file(name) }); err != nil {
			l.Errs = append(l.Errs, err)
		}
	}
	l.progress.end()
}

// file reads one log; its error is kept, and what it holds before the error counts.
func (l *Logs) file(name string) {
	in := l.Stdin
	if name != manifest.Stdin {
		f, err := os.Open(name)
		if err != nil {
			l.Errs = append(l.Errs, fmt.Errorf("%s: %w", name, program.Cause(err)))
			return
		}
		defer f.Close() //nolint:errcheck // nothing was written to it
		in = f
	}
	l.Files++
	err := accesslog.Read(io.TeeReader(in, l), accesslog.Sink{
		Record: l.Tally.Add,
		Malformed: func(line int, err error) {
			l.Malformed++
			if l.Complain != nil {
				fmt.Fprintln(l.Complain, plain.Line(fmt.Sprintf("%s:%d: %v", name, line, err)))
			}
		},
		PassedOver: func() { l.Passed++ },
	})
	if err != nil {
		l.Errs = append(l.Errs, fmt.Errorf("%s: %w", name, program.Cause(err)))
	}
}

// Write counts what was read, for the progress.
func (l *Logs) Write(p []byte) (int, error) {
	l.done += int64(len(p))
	l.progress.show(int(l.done >> 20))
	return len(p), nil
}

// roots drops the paths that others hold, so that nothing is counted twice.
func roots(paths []string) []string {
	real := make([]string, len(paths))
	for i, path := range paths {
		real[i] = path
		if path == manifest.Stdin {
			continue
		}
		if r, err := filepath.EvalSymlinks(path); err == nil {
			path = r
		}
		if r, err := filepath.Abs(path); err == nil {
			real[i] = strings.TrimSuffix(r, string(filepath.Separator))
		}
	}
	var out []string
	for i, path := range paths {
		held := slices.Index(real, real[i]) < i
		for _, r := range real {
			held = held || strings.HasPrefix(real[i], r+string(filepath.Separator))
		}
		if !held {
			out = append(out, path)
		}
	}
	return out
}

// walkLogs visits a file, or all files below a folder. Links in a folder are not followed, so that no file comes twice.
func walkLogs(path string, visit func(name string, size int64)) error {
	info, err := os.Stat(path)
	switch {
	case path == manifest.Stdin:
		visit(path, 0)
		return nil
	case err != nil:
		return fmt.Errorf("%s: %w", path, program.Cause(err))
	case !info.IsDir():
		visit(path, info.Size())
		return nil
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return fmt.Errorf("%s: %w", path, program.Cause(err))
	}
	var errs []error
	_ = filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			if info, err = entry.Info(); err == nil {
				visit(name, info.Size())
			}
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", name, program.Cause(err)))
		}
		return nil
	})
	return errors.Join(errs...)
}
