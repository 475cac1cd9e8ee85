package plain_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode"

	"github.com/bucketwarden/bucketwarden/policy/plain"
)

func TestLine(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", ""},
		{"Bucket team-a/logs", "Bucket team-a/logs"},
		{"größer 日本 é", "größer 日本 é"},
		{`a\nb "c"`, `a\nb "c"`},
		{"a\nb\r\tc", `a\nb\r\tc`},
		{"\x1b[31mred\x07\x00\x7f", `\x1b[31mred\a\x00\x7f`},
		{"\u009b31m\u0085", `\u009b31m\u0085`},
		{"a\u2028b\u2029", `a\u2028b\u2029`},
		{"\u202egpj.exe\u2066\u2069", `\u202egpj.exe\u2066\u2069`},
		{"a\u200bb\ufeff\u00a0\u00ad", `a\u200bb\ufeff\u00a0\u00ad`},
		{"\U000E0041", `\U000e0041`},
		{"a\xffb\xc3", `a\xffb\xc3`},
		{"\uFFFD", "\uFFFD"},
		{"::error::x", `:\x3aerror::x`},
		{"  ::error::x", `  :\x3aerror::x`},
		{"\n::error::x", `\n:\x3aerror::x`},
		{"arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:root"},
		{"x ::error::", "x ::error::"},
		{"a ##[error]x", `a #\x23[error]x`},
		{"##vso[task.setvariable variable=a]b", `#\x23vso[task.setvariable variable=a]b`},
		{"##teamcity[x]", `#\x23teamcity[x]`},
		{"## a [b]", "## a [b]"},
	}
	for _, tt := range tests {
		got := plain.Line(tt.in)
		if got != tt.want {
			t.Errorf("Line(%q) = %s, want %s", tt.in, got, tt.want)
		}
		if again := plain.Line(got); again != got {
			t.Errorf("Line twice of %q: %s, then %s", tt.in, got, again)
		}
	}
}

func TestText(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", ""},
		{"{\n\t\"a\": 1\r\n}", "{\n\t\"a\": 1\r\n}"},
		{"a\rb\x1b\u2028\n\n", `a\rb\x1b\u2028` + "\n\n"},
		{"a\n \t::error::b\n", "a\n \t" + `:\x3aerror::b` + "\n"},
	}
	for _, tt := range tests {
		if got := plain.Text(tt.in); got != tt.want {
			t.Errorf("Text(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestQuote(t *testing.T) {
	tests := []struct {
		in   string
		most int
		want string
	}{
		{"s3:Get", 60, `"s3:Get"`},
		{"s3:Get\n\x1b\u202e", 60, `"s3:Get\n\x1b\u202e"`},
		{"##[a]", 60, `"#\x23[a]"`},
		{"größer", 3, `"grö..."`},
	}
	for _, tt := range tests {
		if got := plain.Quote(tt.in, tt.most); got != tt.want {
			t.Errorf("Quote(%q, %d) = %s, want %s", tt.in, tt.most, got, tt.want)
		}
	}
}

func TestLines(t *testing.T) {
	a, b := errors.New("a\nb"), errors.New("c")
	tests := []struct {
		err  error
		want string
	}{
		{a, `a\nb`},
		{errors.Join(a, b), "a\\nb\nc"},
		{errors.Join(errors.Join(a), b), "a\\nb\nc"},
		{fmt.Errorf("all of it: %w", errors.Join(a, b)), `all of it: a\nb\nc`},
		{fmt.Errorf("%w and %w", a, b), `a\nb and c`},
	}
	for _, tt := range tests {
		if got := strings.Join(plain.Lines(tt.err), "\n"); got != tt.want {
			t.Errorf("Lines(%q) = %s, want %s", tt.err, got, tt.want)
		}
	}
}

func TestJSON(t *testing.T) {
	tests := []struct{ in, want string }{
		{"{\n  \"a\": \"b\"\n}\n", "{\n  \"a\": \"b\"\n}\n"},
		{"\"a\u009b\u2028\u202e\x7f\"", `"a\u009b\u2028\u202e\u007f"`},
		{`"##[a]"`, `"#\u0023[a]"`},
		{"\"\U000E0041x\"", `"\udb40\udc41x"`},
	}
	for _, tt := range tests {
		got := string(plain.JSON([]byte(tt.in)))
		if got != tt.want {
			t.Errorf("JSON(%q) = %s, want %s", tt.in, got, tt.want)
		}
		var before, after any
		if json.Unmarshal([]byte(tt.in), &before) != nil || json.Unmarshal([]byte(got), &after) != nil || fmt.Sprint(before) != fmt.Sprint(after) {
			t.Errorf("JSON(%q) is another value: %s", tt.in, got)
		}
	}
}

func FuzzLine(f *testing.F) {
	f.Add("a\n::error::\x1b\u202e\xff##[x]")
	f.Fuzz(func(t *testing.T, s string) {
		got := plain.Line(s)
		if strings.ContainsFunc(got, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("Line(%q) = %q", s, got)
		}
		if strings.HasPrefix(strings.TrimSpace(got), "::") {
			t.Errorf("Line(%q) = %q begins a command", s, got)
		}
		if plain.Line(got) != got {
			t.Errorf("Line(%q) = %q is not plain", s, got)
		}
	})
}
