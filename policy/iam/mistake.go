package iam

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mistake says what is wrong with a JSON text at a byte of it, and what to do. decoder is what the decoder that stopped there
// said, which tells a value from the inside of a string.
func Mistake(text string, offset int, decoder string) string {
	if offset >= len(text) || strings.Contains(decoder, "unexpected EOF") {
		return "the text ends too early; close every bracket and quote"
	}
	r, size := utf8.DecodeRuneInString(text[offset:])
	rest := strings.TrimLeft(text[offset+size:], blanks)
	before := strings.TrimRight(text[:offset], blanks)
	switch {
	case r == utf8.RuneError && size == 1:
		return "a byte is not UTF-8; save the file as UTF-8"
	case strings.Contains(decoder, "surrogate"):
		return `half of a surrogate pair stands alone; write both halves as \uXXXX\uXXXX`
	case strings.Contains(decoder, "in string"):
		return inString(text[offset:], r)
	case r == '/' || r == '#':
		return "JSON has no comments; remove it"
	case r == '\'' || strings.ContainsRune("“”„‟«»‘’‚`", r):
		return "JSON uses double quotes; write \" instead of " + string(r)
	case r == ',' && strings.HasPrefix(rest, ","), r == ',' && strings.HasSuffix(before, ","):
		return "there are two commas; remove one"
	case r == ',' && (strings.HasPrefix(rest, "}") || strings.HasPrefix(rest, "]")):
		return "there is a comma before " + strconv.Quote(rest[:1]) + "; remove it"
	case r == ',':
		return "a comma may only separate two values; remove it"
	case (r == '}' || r == ']') && strings.HasSuffix(before, ","):
		return "there is a comma before " + strconv.Quote(string(r)) + "; remove it"
	case strings.Contains(decoder, "top-level value"), (r == '}' || r == ']') && strings.Contains(decoder, "at start of value") && closed(before):
		return "there is text after the end of the document; remove it"
	}
	return betweenValues(text[offset:], r, before, decoder)
}

const blanks = " \t\r\n"

// closed reports whether a text ends with a value, behind which no other one begins.
func closed(before string) bool {
	return strings.HasSuffix(before, "}") || strings.HasSuffix(before, "]") || strings.HasSuffix(before, `"`)
}

// inString says what cannot stand in a string that is open.
func inString(text string, r rune) string {
	switch {
	case r == '\\' && strings.HasPrefix(text, `\u`):
		return `four hexadecimal digits must follow \u`
	case r == '\\':
		escape, _ := utf8.DecodeRuneInString(text[1:])
		if escape == '\n' || escape == '\r' {
			return `a backslash does not continue a string on the next line; write \n`
		}
		if !unicode.IsPrint(escape) {
			return `a backslash stands before a character that is not printed; write \\ for a backslash`
		}
		return `JSON has no escape \` + string(escape) + `; write \\ for a backslash`
	case r == '\n', r == '\r':
		return `a string goes over the end of its line; close it, or write \n`
	case r == '\t':
		return `a string holds a tab; write \t`
	}
	return "a string holds a control character; remove it"
}

// betweenValues says what is wrong where a value, a name or what separates them should stand.
func betweenValues(text string, r rune, before, decoder string) string {
	if strings.Contains(decoder, "in literal") { // which began before
		begin := strings.LastIndexFunc(before, func(r rune) bool { return !unicode.IsLetter(r) }) + 1
		before, text = before[:begin], before[begin:]+text
	}
	word := text[:len(text)-len(strings.TrimLeftFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }))]
	after := strings.TrimLeft(text[len(word):], blanks)
	switch {
	case strings.Contains(decoder, "in number"), r == '+' || r == '.' || r == '-',
		unicode.IsDigit(r) && strings.HasSuffix(before, "0"):
		return "a number is malformed; write it like 10 or 0.5"
	case strings.Contains(decoder, "expecting ':'"), strings.Contains(decoder, "missing character ':'"):
		name := strings.TrimSuffix(before, `"`)
		return "a colon is missing after the name " + quote(name[strings.LastIndex(name, `"`)+1:])
	case strings.Contains(decoder, "expecting ','"), strings.Contains(decoder, "missing character ','"):
		if r == '}' || r == ']' {
			return strconv.Quote(string(r)) + " closes another bracket than the one that is open"
		}
		if name, _, found := strings.Cut(text[1:], `"`); r == '"' && found {
			return "a comma is missing before " + quote(name)
		}
		return "a comma is missing before " + quote(string(r))
	case r == '}' && strings.HasSuffix(before, ":"):
		return `a value is missing before "}"`
	case r == '}' || r == ']':
		return strconv.Quote(string(r)) + " closes another bracket than the one that is open"
	case strings.EqualFold(word, "true"), strings.EqualFold(word, "false"), strings.EqualFold(word, "null"):
		return "write " + strings.ToLower(word) + " instead of " + word
	case strings.EqualFold(word, "none"):
		return "write null instead of " + word
	case word != "" && strings.HasPrefix(after, ":"):
		return "a name must be in double quotes; write " + quote(word)
	case word != "":
		return "a text must be in double quotes; write " + quote(word)
	case strings.Contains(decoder, "name"):
		return "the name of a member must be in double quotes"
	}
	return quote(string(r)) + " cannot stand here; a value is a string, a number, a list, an object, true, false or null"
}
