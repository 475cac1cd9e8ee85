package program_test

import (
	"strings"
	"testing"
	"time"

	"github.com/bucketwarden/bucketwarden/cmd/program"
)

// No message of a file that cannot be read is a library's own.
func TestReadYAML(t *testing.T) {
	type part struct {
		Names []string `json:"names"`
		On    bool     `json:"set"`
	}
	const (
		colon = "a colon stands where no value may begin; indent as the line before, or put the text in quotes"
		tab   = "the line is indented with a tab; YAML allows spaces only"
		begin = "a text may not begin with @, %, ` or a tab; put it in quotes"
	)
	for _, tt := range []struct{ text, want string }{
		{"id: 111122223333", "id: 111122223333 is a number; put it in quotes"},
		{"id: 1.5", "id: the value is a number; put it in quotes"},
		{"id: Off", `id: the value is false, as YAML reads a bare Off; write "Off" in quotes`},
		{"id: yes", "id: the value is true, as YAML reads a bare On; put it in quotes"},
		{"id: [a]", "id must be a string"},
		{"part: [a]", "part must be an object"},
		{"part: {names: a}", "part.names must be a list"},
		{"part: {names: [a, 7]}", "part.names[1]: 7 is a number; put it in quotes"},
		{"part: {set: \"true\"}", "part.set must be true or false"},
		{"until: 2027-01-01", `until: "2027-01-01" lacks a time; write "2027-01-01T00:00:00Z"`},
		{"until: soon", `until: "soon" is not a time; write one such as "2027-01-01T00:00:00Z"`},
		{"count: 1.5", "count must be a number without a fraction"},
		{"count: 99999999999999999999", "count must be a number without a fraction"},
		{"other: 1", `unknown field "other"`},
		{"ID: a", `unknown field "ID"`},
		{"id: a\nid: b", `line 2: key "id" is there twice`},
		{"- a", "the text is not an object"},
		{"part:\n\tnames: []", "line 2: " + tab},
		{"\tid: a", "line 1: " + tab},
		{"id: a: b", colon},
		{"id: a\n  part: b", "line 2: " + colon},
		{"id: @a", begin},
		{"id: [a", "line 1: a list in [ ] is not closed, or lacks a comma"},
		{"part: {set: true", "line 1: an object in { } is not closed, or lacks a comma"},
		{"id: \"a", "a quote or bracket is not closed"},
		{`id: "\d"`, `a text in double quotes has an unknown escape; use single quotes, or write \\ for a backslash`},
		{"id: *a", "an alias (*NAME) has no anchor (&NAME) before it; put the text in quotes if it is none"},
		{"part: {<<: 1}", "<< must name an object, or a list of them"},
		{"id: !!binary '***'", "!!binary must be base64"},
		{"id: !!int abc", "a tag such as !!int does not fit its value"},
		{"? {a: b}\n: c", "a key is a list or a mapping; it must be text"},
		{"id: - a", `"- " stands where no list may begin; indent as the line before, or put the text in quotes`},
		{"id: | a", "text follows | or >; begin it on the next line"},
		{"id: a\x01", "there is a control character; remove it"},
		{"id: \xff", "a byte is not UTF-8; save the file as UTF-8"},
	} {
		var into struct {
			ID    string    `json:"id"`
			Part  part      `json:"part"`
			Until time.Time `json:"until"`
			Count int       `json:"count"`
		}
		err := program.ReadYAML([]byte(tt.text), &into)
		if err == nil {
			t.Errorf("%q: no error", tt.text)
			continue
		}
		if got := err.Error(); got != tt.want {
			t.Errorf("%q:\n got %s\nwant %s", tt.text, got, tt.want)
		}
	}
}

// Whatever is wrong with a file, the message is of one line and of no library.
func FuzzReadYAML(f *testing.F) {
	for _, text := range []string{"a: [", "a: {b", "\t", "a: &b *b", "%x", "!", "? [", "'", "a: |9", "<<: 1", "a: 0x", "- a\nb"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var into struct {
			A []string
			B map[string]int
		}
		err := program.ReadYAML([]byte(text), &into)
		if err == nil {
			return
		}
		for _, library := range []string{"\n", "yaml:", "json:", "unmarshal", "Go "} {
			if strings.Contains(err.Error(), library) && !strings.Contains(text, library) {
				t.Errorf("%q: %v", text, err)
			}
		}
	})
}
