package report

import (
	"io"
	"os"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/cmd/program"
)

// WriteReview writes down a review in one of formats. version is the program's.
func WriteReview(w io.Writer, format, version string, in *files.Inputs, all []files.Judged) error {
	switch format {
	case "json":
		return program.WriteJSON(w, newReviewOutput(in, all))
	case "sarif":
		return program.WriteJSON(w, newSARIF(in, all, version))
	case "junit":
		return writeJUnit(w, in, all)
	case "github":
		return writeGitHub(w, in, all)
	case "html":
		return writeHTML(w, in, all)
	}
	return writeText(w, in, all, wantsColour(w, os.Getenv))
}

// Formats are all that writeReview knows, the default first.
func Formats() []string { return []string{"text", "json", "sarif", "junit", "github", "html"} }
