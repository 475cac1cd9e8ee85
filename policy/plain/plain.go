// Package plain makes text that anybody may have written fit for one line of output: of a terminal, a log, an Event, a
// warning, a cell of a table. What would command a terminal, break the line or have it read in another order is escaped
// as Go writes it in a string, and so is what a build server takes for a command.
package plain

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Line returns s with every rune escaped that is not printable, the space aside: ESC as \x1b, a line feed as \n, U+2028 as
// \u2028, a byte that is no UTF-8 as \xff. Text that is already plain comes back as it is, and so does what Line returned.
//
// GitHub reads a line as a command that begins with two colons, whatever blanks stand before them, and ##[...] anywhere in
// a line; Azure Pipelines reads ##vso[...], TeamCity ##teamcity[...]. Their second character is escaped.
//
// https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
// https://learn.microsoft.com/en-us/azure/devops/pipelines/scripts/logging-commands
// https://www.jetbrains.com/help/teamcity/service-messages.html
func Line(s string) string { return escape(s, false) }

// Text returns text of many lines with each as Line has it, but that tabs and the ends of lines, \n and \r\n, stay: the
// lines of a file.
func Text(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		body := strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		b.WriteString(escape(body, true) + line[len(body):])
	}
	return b.String()
}

func escape(s string, tabs bool) string {
	if isPlain(s, tabs) {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		_, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case commands(s, i):
			fmt.Fprintf(&b, `\x%02x`, r)
		case unicode.IsPrint(r), tabs && r == '\t':
			b.WriteRune(r)
		default:
			quoted := strconv.QuoteRune(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		}
	}
	return b.String()
}

// isPlain reports whether nothing in s needs an escape. It is true of nearly all text, and costs little.
func isPlain(s string, tabs bool) bool {
	for i, r := range s {
		if !unicode.IsPrint(r) && (r != '\t' || !tabs) || r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD") || commands(s, i) {
			return false
		}
	}
	return true
}

// longestName is more than any build server's prefix of commands has.
const longestName = 16

// commands reports whether the byte at i is the second one of what begins a build server's command.
func commands(s string, i int) bool {
	if i == 0 || s[i] != s[i-1] {
		return false
	}
	switch s[i] {
	case ':':
		return strings.TrimLeftFunc(s[:i-1], unicode.IsSpace) == ""
	case '#':
		name := s[i+1:]
		rest := strings.TrimLeft(name[:min(len(name), longestName)], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
		return strings.HasPrefix(rest, "[")
	}
	return false
}

// Lines returns the text of an error, one line for each that it joins.
func Lines(err error) []string {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var parts []string
		var out []string
		for _, e := range joined.Unwrap() {
			parts = append(parts, e.Error())
			out = append(out, Lines(e)...)
		}
		if strings.Join(parts, "\n") == err.Error() { // another error may say more than those that it wraps
			return out
		}
	}
	return []string{Line(err.Error())}
}

// Quote returns s in quotes, as Go writes a string and Line has it, cut to a number of runes: "s3:Get\n...".
func Quote(s string, most int) string {
	if runes := []rune(s); len(runes) > most {
		s = string(runes[:most]) + "..."
	}
	return Line(strconv.Quote(s))
}
