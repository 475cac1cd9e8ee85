package plain

import (
	"fmt"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// JSON returns JSON text in which every rune that Line escapes stands as an escape of JSON: the values are the same. Line
// feeds between values stay.
func JSON(text []byte) []byte {
	s := string(text)
	var out []byte
	done := 0
	for i, r := range s {
		if (r == '\n' || unicode.IsPrint(r)) && !commands(s, i) {
			continue
		}
		out = append(out, s[done:i]...)
		done = i + utf8.RuneLen(r)
		for _, unit := range utf16.AppendRune(nil, r) {
			out = fmt.Appendf(out, `\u%04x`, unit)
		}
	}
	if done == 0 {
		return text
	}
	return append(out, s[done:]...)
}
