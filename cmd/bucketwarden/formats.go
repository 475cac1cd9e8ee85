package main

import (
	"io"
	"os"

	"github.com/bucketwarden/bucketwarden/cmd/program"
)

// writeReview writes down a review in one of formats. version is the program's.
func writeReview(w io.Writer, format, version string, in *inputs, all []judged) error {
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

// formats are all that writeReview knows, the default first.
func formats() []string { return []string{"text", "json", "sarif", "junit", "github", "html"} }
