package report

import (
	"io"
	"iter"
	"os"
	"slices"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/cmd/program"
)

// WriteReview writes down a review in one of formats. version is the program's. JSON and text are written while objects are judged,
// so that none has to be kept; the other formats begin with what is known at the end.
func WriteReview(w io.Writer, format, version string, in *files.Inputs, judged iter.Seq[files.Judged]) error {
	switch format {
	case "text":
		return writeText(w, in, judged, wantsColour(w, os.Getenv))
	case "json":
		return program.StreamJSON(w, newReviewOutput(in, judged))
	}
	all := slices.Collect(judged)
	switch format {
	case "sarif":
		return program.WriteJSON(w, newSARIF(in, all, version))
	case "junit":
		return writeJUnit(w, in, all)
	case "github":
		return writeGitHub(w, in, all)
	}
	return writeHTML(w, in, all)
}

// Formats are all that WriteReview knows, the default first.
func Formats() []string { return []string{"text", "json", "sarif", "junit", "github", "html"} }
