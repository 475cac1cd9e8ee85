// Package plaintest holds what a stranger may write, and reports whether output is plain all the same. Only tests import it.
package plaintest

import (
	"maps"
	"strings"
	"unicode"
)

// Hostile is what a stranger may write anywhere: commands of build servers, ESC and CSI for a terminal, runes that turn
// text around, line ends of every kind, a tag.
const Hostile = "::error::h\n::error::i\r::error::j\u2028::error::k\x1b[31m\u009b31m\x07\u202e\u2066\t##[error]l<img src=m>\x7f"

// Variants returns copies of a tree of JSON in each of which the hostile text stands in one place: a text, a key, or
// behind a text that may have to begin as it does.
func Variants(tree any) []any {
	var out []any
	switch v := tree.(type) {
	case string:
		return []any{Hostile, v + Hostile}
	case []any:
		for i := range v {
			for _, w := range Variants(v[i]) {
				list := append([]any(nil), v...)
				list[i] = w
				out = append(out, list)
			}
		}
	case map[string]any:
		for key := range v {
			renamed := maps.Clone(v)
			delete(renamed, key)
			renamed[key+Hostile] = v[key]
			out = append(out, renamed)
			for _, w := range Variants(v[key]) {
				m := maps.Clone(v)
				m[key] = w
				out = append(out, m)
			}
		}
	}
	return out
}

// Fault returns the first line that could command a terminal or a build server, or that the program did not begin; "" when
// there is none.
func Fault(output string) string {
	for line := range strings.Lines(output) {
		line = strings.TrimSuffix(line, "\n")
		begun := strings.HasPrefix(strings.TrimSpace(line), "::") && !strings.HasPrefix(line, "::error file=") &&
			!strings.HasPrefix(line, "::warning file=") && !strings.HasPrefix(line, "::notice file=")
		if strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }) || begun || strings.Contains(line, "##[") {
			return line
		}
	}
	return ""
}
