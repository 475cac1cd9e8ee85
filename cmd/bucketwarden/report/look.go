package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/plain"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// look says how text is shown: in colour, and with the lines of the files that findings are about.
type look struct{ colour, excerpts bool }

// plainly is the look of text that a program may read.
var plainly look

// lookFor has excerpts on a terminal, and colour there unless NO_COLOR is set.
//
// https://no-color.org
func lookFor(out io.Writer, env func(string) string) look {
	terminal := program.IsTerminal(out)
	return look{colour: terminal && env("NO_COLOR") == "" && env("TERM") != "dumb", excerpts: terminal}
}

// paint colours text by a number of ECMA-48, 0 for no colour.
func (l look) paint(text string, colour int) string {
	if !l.colour || colour == 0 {
		return text
	}
	return fmt.Sprintf("\x1b[%dm%s\x1b[0m", colour, text)
}

// placed is a finding with its place in a file, as compilers write it, and the line that is there.
func (l look) placed(j files.Judged, f review.Finding, places *manifest.Places) string {
	line, column := places.Of(j.Item, f.Field, f.Line, f.Column)
	object := ""
	if j.Item.Object != nil {
		object = nameOf(objectOf(j.Item))
	}
	text := fmt.Sprintf("%s:%d:%d: %s\n", plain.Line(j.Item.File.Name), line, column, l.finding(f.TextIn(object), f))
	if l.excerpts {
		text += l.excerpt(places.Line(j.Item.File, line), line, column, colourOf(f.Action))
	}
	return text
}

// finding adds to the text of a finding what is done about it.
func (l look) finding(text string, f review.Finding) string {
	if f.Certainty == policy.Undecided {
		text += " [undecided]"
	}
	if f.Exempted != "" {
		return text + " " + l.paint(plain.Line("[accepted by Exemption "+f.Exempted+"]"), colourOf(f.Action))
	}
	return text + " " + l.paint("["+f.Action.String()+"]", colourOf(f.Action))
}

// The most characters of a line that are shown before the place of a finding, and from there on.
const (
	mostBefore = 60
	mostAfter  = 100
)

// excerpt is a line of a file with its number, and below it a caret that points at a column, counted from 1 in characters.
func (l look) excerpt(text string, line, column, colour int) string {
	runes := []rune(strings.ReplaceAll(text, "\t", " "))
	at := min(column-1, len(runes))
	start, end := max(0, at-mostBefore), min(len(runes), at+mostAfter)
	before, after := plain.Line(string(runes[start:at])), plain.Line(string(runes[at:end]))
	if start > 0 {
		before = "..." + before
	}
	if end < len(runes) {
		after += "..."
	}
	number := fmt.Sprint(line)
	blank := strings.Repeat(" ", len(number))
	return fmt.Sprintf(" %s | %s\n %s | %s%s\n", number, before+after, blank, strings.Repeat(" ", len([]rune(before))), l.paint("^", colour))
}
