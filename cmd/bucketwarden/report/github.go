package report

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
	"github.com/bucketwarden/bucketwarden/policy/plain"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// writeGitHub writes a command for each finding, which GitHub shows beside the line in a pull request, and the sums. GitHub
// shows ten of each kind a step, so that the worst come first.
//
// https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
func writeGitHub(w io.Writer, in *files.Inputs, all iter.Seq[files.Judged]) error {
	var found []ranked
	var places manifest.Places
	summary := newSummary(in)
	for j := range all {
		summary.add(j)
		for _, f := range j.Findings {
			found = append(found, rank(f, gitHubCommand(j, f, &places)))
		}
	}
	worstFirst(found)
	var b bytes.Buffer
	for _, a := range found {
		b.WriteString(a.text)
	}
	// No more than the sums: a line of text might begin with the name of a file, and that with a command.
	fmt.Fprintln(&b, summary.text())
	_, err := w.Write(b.Bytes())
	return err
}

func gitHubCommand(j files.Judged, f review.Finding, places *manifest.Places) string {
	line, column := places.Of(j.Item, f.Field, f.Line, f.Column)
	kind := map[string]string{"error": "error", "warning": "warning", "note": "notice"}[sarifLevel(f.Action)]
	message := nameOf(objectOf(j.Item)) + ": " + findingText(f)
	if f.Witness != nil {
		message += "\nfor example " + f.Witness.String()
	}
	return fmt.Sprintf("::%s file=%s,line=%d,col=%d,title=%s::%s\n", kind, gitHubProperty(plain.Line(j.Item.File.Name)), line, column,
		gitHubProperty(f.Rule.ID+" "+f.Rule.Name), gitHubData(message))
}

// gitHubData escapes what stands behind the two colons.
func gitHubData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

// gitHubProperty escapes a value before them.
func gitHubProperty(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(gitHubData(s))
}
