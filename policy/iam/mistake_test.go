package iam_test

import (
	"strings"
	"testing"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// No message of a document that is not JSON is the decoder's own.
func TestMistake(t *testing.T) {
	const comma = "; remove it"
	for _, tt := range []struct{ text, want string }{
		{`// who` + "\n{}", "JSON has no comments" + comma},
		{`{"a": 1 /* x */}`, "JSON has no comments" + comma},
		{"{\n# x\n}", "JSON has no comments" + comma},
		{`{"a": 1} // x`, "JSON has no comments" + comma},
		{`{"a": 1,}`, `there is a comma before "}"` + comma},
		{"[1,\n]", `there is a comma before "]"` + comma},
		{`[1,,2]`, "there are two commas; remove one"},
		{`[,1]`, "a comma may only separate two values" + comma},
		{`{"a": 1 "b": 2}`, `a comma is missing before "b"`},
		{`[1 2]`, `a comma is missing before "2"`},
		{`[{} {}]`, `a comma is missing before "{"`},
		{`{"a" 1}`, `a colon is missing after the name "a"`},
		{`{"a":}`, `a value is missing before "}"`},
		{`{"a":[}`, `"}" closes another bracket than the one that is open`},
		{`{"a":1]`, `"]" closes another bracket than the one that is open`},
		{`{a: 1}`, `a name must be in double quotes; write "a"`},
		{`{'a': 1}`, `JSON uses double quotes; write " instead of '`},
		{`{“a”: 1}`, `JSON uses double quotes; write " instead of “`},
		{`[True]`, "write true instead of True"},
		{`[nUll]`, "write null instead of nUll"},
		{`[None]`, "write null instead of None"},
		{`[Allow]`, `a text must be in double quotes; write "Allow"`},
		{`[nothing]`, `a text must be in double quotes; write "nothing"`},
		{`[01]`, "a number is malformed; write it like 10 or 0.5"},
		{`[+1]`, "a number is malformed; write it like 10 or 0.5"},
		{`[1.]`, "a number is malformed; write it like 10 or 0.5"},
		{`[.5]`, "a number is malformed; write it like 10 or 0.5"},
		{"[\"a\nb\"]", `a string goes over the end of its line; close it, or write \n`},
		{"[\"a\tb\"]", `a string holds a tab; write \t`},
		{"[\"a\x01b\"]", "a string holds a control character; remove it"},
		{`["\d"]`, `JSON has no escape \d; write \\ for a backslash`},
		{"[\"a\\\nb\"]", `a backslash does not continue a string on the next line; write \n`},
		{"[\"a\\\x01\"]", `a backslash stands before a character that is not printed; write \\ for a backslash`},
		{`["\u12g4"]`, `four hexadecimal digits must follow \u`},
		{`["\ud800"]`, `half of a surrogate pair stands alone; write both halves as \uXXXX\uXXXX`},
		{"[\"\xff\"]", "a byte is not UTF-8; save the file as UTF-8"},
		{"\xff\xfe[", "a byte is not UTF-8; save the file as UTF-8"},
		{`{} {}`, "there is text after the end of the document" + comma},
		{`{}}`, "there is text after the end of the document" + comma},
		{`$x`, `"$" cannot stand here; a value is a string, a number, a list, an object, true, false or null`},
		{`=`, `"=" cannot stand here; a value is a string, a number, a list, an object, true, false or null`},
		{`{"a": [1`, "the document ends too early"},
		{`{"a": "b`, "the document ends too early"},
		{``, "the text is empty"},
	} {
		_, err := iam.Parse(tt.text)
		if err == nil {
			t.Errorf("%s: no error", tt.text)
			continue
		}
		if _, got, _ := strings.Cut(err.Error(), ": "); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.text, got, tt.want)
		}
	}
}

// Whatever a decoder says of whatever place, there is an answer.
func FuzzMistake(f *testing.F) {
	for _, text := range []string{"{", `{"a" 1}`, "[01]", "\xff", `["\`, `["\u`, "// a", "nul", `{""`, `"`} {
		for at := range len(text) + 1 {
			f.Add(text, at, "invalid character 'x' in string")
			f.Add(text, at, "invalid character 'x' in literal null (expecting 'u')")
			f.Add(text, at, "invalid character 'x' after object name (expecting ':')")
		}
	}
	f.Fuzz(func(t *testing.T, text string, at int, decoder string) {
		if at < 0 || at > len(text) {
			return
		}
		if got := iam.Mistake(text, at, decoder); got == "" || strings.Contains(got, "\n") {
			t.Errorf("%q at %d: %q", text, at, got)
		}
	})
}
