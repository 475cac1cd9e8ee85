package report

import (
	"io"
	"iter"
	"os"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/cmd/program"
)

// WriteReview writes down a review in one of formats. version is the program's. JSON is written while objects are judged; the
// other forms begin with what is known at the end, and keep what they write.
func WriteReview(w io.Writer, format, version string, in *files.Inputs, all iter.Seq[files.Judged]) error {
	switch format {
	case "json":
		return writeJSON(w, in, all)
	case "sarif":
		return program.WriteJSON(w, newSARIF(in, all, version))
	case "junit":
		return writeJUnit(w, in, all)
	case "github":
		return writeGitHub(w, in, all)
	case "html":
		return writeHTML(w, in, all)
	}
	return writeText(w, in, all, lookFor(w, os.Getenv))
}

// Formats are all that WriteReview knows, the default first.
func Formats() []string { return []string{"text", "json", "sarif", "junit", "github", "html"} }
